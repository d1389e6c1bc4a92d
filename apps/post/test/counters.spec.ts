import { Registry } from 'prom-client';
import { auditCounters, CounterDrift, nameOf } from '@fowergram/counters';
import { postRpc, repostRpc, saveRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { doubleDelta, eventually, loseDelta, storm, watchLocks, whileNotAggregated } from '@fowergram/testing';
import { COUNTERS } from '../src/counters/counters.registry.js';
import { newUserIds, openWorld, type World } from './world.js';

const AGGREGATED = ['post_counter', 'comment_counter', 'author_counter', 'hashtag_counter'];

interface Hot {
  postId: string;
  commentId: string;
}

describe('the audit of the counters of posts', () => {
  let world: World;
  const [ann, bo] = newUserIds(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld();
    await everyEdge(ann, bo);
    await noDeltas();
  });

  afterAll(() => world?.close());

  /** Makes one of everything that is counted. */
  const everyEdge = async (author: string, other: string) => {
    const post = await world.post(author, { caption: 'Early. #sea' });
    await world.call(postRpc.like, { postId: post.id, userId: other });
    const comment = await world.call(postRpc.createComment, { postId: post.id, authorId: other, text: 'So still.' });
    const reply = { postId: post.id, authorId: author, parentId: comment.id, text: 'And cold.' };
    await world.call(postRpc.createComment, reply);
    await world.call(postRpc.likeComment, { commentId: comment.id, userId: author });
    await world.call(repostRpc.repost, { postId: post.id, userId: other });
    await world.call(saveRpc.save, { postId: post.id, userId: other });
  };
  const audit = (repair = false) => auditCounters({ db: world.db, counters: COUNTERS, repair });
  const noDeltas = () =>
    eventually(async () => {
      for (const { delta } of COUNTERS) expect(await world.db.query(`select from ${delta}`)).toEqual([]);
    });
  const likesOf = async (postId: string) => {
    const [shown] = await world.call(postRpc.byIds, { ids: [postId], viewerId: null });
    return {
      shown: shown!.likeCount,
      edges: (await world.db.query('select from post_like where post_id = $1', [postId])).length,
    };
  };
  /** Every number of a post and of its only comment. */
  const countedOf = async (postId: string) => {
    const [[post], [comment]] = [
      await world.call(postRpc.byIds, { ids: [postId], viewerId: ann }),
      (await world.call(postRpc.comments, { postId, viewerId: ann, first: 1 })).edges.map(({ node }) => node),
    ];
    return [post!.likeCount, post!.saveCount, post!.repostCount, comment!.likeCount];
  };
  const driftOf = async (name: string) =>
    (await world.app.get(Registry).getSingleMetric('counter_drift')!.get()).values.find(
      ({ labels }) => labels.counter === name,
    )?.value;

  it.each(COUNTERS.map((counter) => [nameOf(counter), counter] as const))(
    'finds what %s differs by, shows it as a metric, and mends it by a delta that is aggregated',
    async (name, { table, column }) => {
      const found = async (repair?: boolean) => (await audit(repair)).find(({ counter }) => counter === name)!;
      const { keys } = await found();
      expect(keys).toBeGreaterThan(0);
      const [wrong] = await world.db.query<{ value: number }>(
        `update ${table} set ${column} = ${column} + 3 where ctid = (select ctid from ${table} limit 1) returning ${column} as value`,
      );
      expect(await found()).toMatchObject({ keys, drifted: 1, drift: 3, examples: [expect.any(String)] });
      await world.app.get(CounterDrift).measure();
      expect(await driftOf(name)).toBe(3);
      expect(await found(true)).toMatchObject({ drifted: 1, drift: 3 });
      await noDeltas();
      expect(await found()).toMatchObject({ drifted: 0, drift: 0 });
      await world.app.get(CounterDrift).measure();
      expect(await driftOf(name)).toBe(0);
      expect(await world.db.query(`select from ${table} where ${column} = $1`, [wrong!.value])).toEqual([]);
    },
  );

  it.each(COUNTERS.map((counter) => [nameOf(counter), counter] as const))(
    'finds a delta of %s that was counted twice, and one that was lost, and mends each while it waits',
    async (name, counter) => {
      const found = async (repair?: boolean) => {
        const { drifted, drift } = (await audit(repair)).find((result) => result.counter === name)!;
        return { drifted, drift };
      };
      await whileNotAggregated(world.db, AGGREGATED, async () => {
        const [author, other] = newUserIds(2) as [string, string];
        await everyEdge(author, other);
        expect(await found()).toEqual({ drifted: 0, drift: 0 });
        for (const breakDelta of [doubleDelta, loseDelta]) {
          const drift = await breakDelta(world.db, counter);
          expect(drift).toBeGreaterThan(0);
          expect(await found()).toEqual({ drifted: 1, drift });
          expect(await found(true)).toEqual({ drifted: 1, drift });
          expect(await found()).toEqual({ drifted: 0, drift: 0 });
        }
      });
      await noDeltas();
      expect((await audit()).filter(({ drift }) => drift > 0)).toEqual([]);
    },
  );

  it('counts an author whose row was lost', async () => {
    await world.db.query('delete from author_counter where author_id = $1', [ann]);
    const found = (await audit(true)).find(({ counter }) => counter === 'author_counter.post_count');
    expect(found).toMatchObject({ drifted: 1, drift: 1, examples: [ann] });
    await noDeltas();
    expect(await world.db.query('select post_count from author_counter where author_id = $1', [ann])).toEqual([
      { post_count: 1 },
    ]);
  });

  it('finds and mends nothing that is under way while likes come and go, are aggregated, and two audits mend at once', async () => {
    const posts = await Promise.all(Array.from({ length: 5 }, () => world.post(ann)));
    const [wrong] = posts;
    await world.db.query('update post set like_count = 7 where id = $1', [wrong!.id]);
    const changes = storm(20, [...newUserIds(150).entries()], async ([index, userId]) => {
      const edge = { postId: posts[index % posts.length]!.id, userId };
      await world.call(postRpc.like, edge);
      if (index % 3 === 0) await world.call(postRpc.unlike, edge);
    });
    const found = [];
    for (let round = 0; round < 5; round++) found.push(...(await Promise.all([audit(true), audit(true)])));
    await changes;
    expect(found.flat().filter(({ drift }) => drift > 0)).toEqual([
      { counter: 'post.like_count', keys: expect.any(Number), drifted: 1, drift: 7, examples: [wrong!.id] },
    ]);
    await noDeltas();
    const [{ likes }] = (await world.db.query<{ likes: number }>(
      'select sum(like_count)::int as likes from post where id = any($1)',
      [posts.map(({ id }) => id)],
    )) as [{ likes: number }];
    expect(likes).toBe(100);
    expect((await audit()).filter(({ drift }) => drift > 0)).toEqual([]);
  });

  describe('beside a second replica', () => {
    beforeAll(() => world.addReplica());

    it.each([
      ['likes of one post', 1_000, (hot: Hot, userId: string) => world.call(postRpc.like, { ...hot, userId })],
      ['likes of one comment', 400, (hot: Hot, userId: string) => world.call(postRpc.likeComment, { ...hot, userId })],
      ['saves of one post', 400, (hot: Hot, userId: string) => world.call(saveRpc.save, { ...hot, userId })],
      ['reposts of one post', 200, (hot: Hot, userId: string) => world.call(repostRpc.repost, { ...hot, userId })],
    ])(
      'finds nothing after many %s (%i) by 50 callers at once, of which none waited for another',
      async (_, count, act) => {
        const { id: postId } = await world.post(ann);
        const { id: commentId } = await world.call(postRpc.createComment, { postId, authorId: bo, text: 'Hot.' });
        await noDeltas();
        const stopWatching = await watchLocks(world.databaseUrl);
        await storm(50, newUserIds(count), (userId) => act({ postId, commentId }, userId));
        expect(await stopWatching()).toEqual({ longest: {}, deadlocks: 0, samples: expect.any(Number) });
        expect(await countedOf(postId)).toContain(count);
        await noDeltas();
        expect(await countedOf(postId)).toContain(count);
        expect((await audit()).filter(({ drift }) => drift > 0)).toEqual([]);
      },
    );
  });

  it('finds nothing after a storm of likes and unlikes of the same few users, and each answer was the truth of its user', async () => {
    const post = await world.post(ann);
    const [fans, wrong] = [newUserIds(10), [] as boolean[]];
    const taps = Array.from({ length: 400 }, (_, index) => ({
      userId: fans[index % fans.length]!,
      likes: index % 3 !== 0,
    }));
    await storm(50, taps, async ({ userId, likes }) => {
      const answer = await world.call(likes ? postRpc.like : postRpc.unlike, { postId: post.id, userId });
      if (answer.viewerHasLiked !== likes) wrong.push(likes);
    });
    expect(wrong).toEqual([]);
    for (const userId of fans) await world.call(postRpc.like, { postId: post.id, userId });
    expect(await likesOf(post.id)).toEqual({ shown: 10, edges: 10 });
    await noDeltas();
    expect((await audit()).filter(({ drift }) => drift > 0)).toEqual([]);
  });

  it('counts nothing that was deleted or taken back, and nothing of a post or an account that goes', async () => {
    const [author, gone, fan] = newUserIds(3) as [string, string, string];
    const [post, deleted] = [await world.post(author), await world.post(author)];
    await world.post(gone);
    const say = (parentId?: string) =>
      world.call(postRpc.createComment, { postId: post.id, authorId: fan, text: 'Hm.', parentId });
    const top = await say();
    await say(top.id);
    for (const { id } of [await say(), await say(top.id)]) await world.call(postRpc.deleteComment, { id, userId: fan });
    await world.call(repostRpc.repost, { postId: post.id, userId: fan });
    await world.call(repostRpc.unrepost, { postId: post.id, userId: fan });
    await world.call(postRpc.like, { postId: deleted.id, userId: fan });
    await world.call(postRpc.delete, { id: deleted.id, userId: author });
    // As the erasures of a post and of an account leave them in between.
    await world.db.query('delete from post_like where post_id = $1', [deleted.id]);
    await noDeltas();
    await world.db.query('delete from author_counter where author_id = $1', [gone]);
    await world.db.query('insert into erased_user (user_id, erased_at, reported_at) values ($1, now(), now())', [gone]);
    expect((await audit()).filter(({ drift }) => drift > 0)).toEqual([]);
  });

  it('looks at every key, a page at a time', async () => {
    const authors = Array.from({ length: 450 }, () => newId());
    await world.db.query('insert into author_counter (author_id, post_count) select id, 1 from unnest($1::uuid[]) id', [
      authors,
    ]);
    const found = (await audit()).find(({ counter }) => counter === 'author_counter.post_count')!;
    expect(found).toMatchObject({ drifted: 450, drift: 450 });
    expect(found.examples).toHaveLength(5);
  });
});
