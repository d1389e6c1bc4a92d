import { postLifeRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { sharingIn } from './sharing-kit.js';
import { relate, setAccount } from '../visibility-kit.js';
import type { World } from '../world.js';

export function sharedFeedTests(world: () => World): void {
  const { remove, share, follow, fewUsers } = sharingIn(world);

  it('bring the post to their followers once, also when their feeds are warm, and to themselves', async () => {
    const [ann, bo, ofAnn, ofBo, ofBoth] = fewUsers(5);
    await follow(ofAnn, ann);
    await follow(ofBo, bo);
    await follow(ofBoth, ann, bo);
    await follow(ann, bo);
    const post = await world().post(ann);
    await world().untilIdle();
    const viewers = [ann, bo, ofAnn, ofBo, ofBoth];
    const feeds = () => Promise.all(viewers.map((viewerId) => world().feed(viewerId)));
    expect(await feeds()).toEqual([[post.id], [], [post.id], [], [post.id]]);
    await share(post.id, ann, bo);
    await eventually(async () => expect(await feeds()).toEqual(viewers.map(() => [post.id])));
    for (const viewerId of viewers) await world().dropFeed(viewerId);
    expect(await feeds()).toEqual(viewers.map(() => [post.id]));
    await world().call(postLifeRpc.archive, { id: post.id, userId: ann });
    expect(await feeds()).toEqual(viewers.map(() => []));
    await world().call(postLifeRpc.unarchive, { id: post.id, userId: ann });
    await eventually(async () => expect(await feeds()).toEqual(viewers.map(() => [post.id])));
    await remove(post.id, ann, bo);
    expect(await feeds()).toEqual([[post.id], [], [post.id], [], [post.id]]);
  });

  it('who are muted or hidden bring it to nobody who follows them alone, and the feed asks the author as well', async () => {
    const [ann, bo, viewer, both] = fewUsers(4);
    await follow(viewer, bo);
    await follow(both, ann, bo);
    const post = await world().post(ann);
    await share(post.id, ann, bo);
    await eventually(async () => expect(await world().feed(viewer)).toEqual([post.id]));
    const muted = { follows: true, postsMutedUntil: MUTED_FOR_EVER };
    for (const cold of [false, true]) {
      for (const viewerId of [viewer, both]) await relate(world(), viewerId, bo, muted);
      if (!cold) for (const viewerId of [viewer, both]) await world().feed(viewerId);
      expect([await world().feed(viewer), await world().feed(both)]).toEqual([[], [post.id]]);
      for (const viewerId of [viewer, both]) await relate(world(), viewerId, bo, { follows: true });
    }
    await setAccount(world(), bo, { hidden: true });
    expect([await world().feed(viewer), await world().feed(both)]).toEqual([[], [post.id]]);
    await setAccount(world(), bo, { isPrivate: true });
    expect(await world().feed(viewer)).toEqual([post.id]);
    await relate(world(), viewer, ann, { postsMutedUntil: MUTED_FOR_EVER });
    expect(await world().feed(viewer)).toEqual([]);
    await relate(world(), viewer, ann, {});
    await setAccount(world(), ann, { isPrivate: true });
    expect([await world().feed(viewer), await world().feed(both)]).toEqual([[], [post.id]]);
  });

  it('are found in feeds that no Redis holds as in those that it does', async () => {
    const [ann, bo, viewer] = fewUsers(3);
    await follow(viewer, bo);
    const posts: string[] = [];
    for (let number = 0; number < 3; number++) {
      const post = await world().post(ann);
      await share(post.id, ann, bo);
      posts.unshift((await world().post(bo)).id, post.id);
    }
    await world().untilIdle();
    await world().dropFeed(viewer);
    expect(await world().feed(viewer, 2)).toEqual(posts);
    await world().redis.kill();
    expect(await world().feed(viewer, 2)).toEqual(posts);
    await world().redis.revive();
    await eventually(async () => expect(await world().feed(viewer, 2)).toEqual(posts));
  });
}
