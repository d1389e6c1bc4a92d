import type { Notification } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { consumerName, EVENT_STREAM } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import { commentBy, deletePost, follow, like, postBy, say, unfollow, unlike, unsay } from './deeds.js';
import { openWorld, people, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const asTold = ({ kind, actorIds, postId, commentId }: Notification) => ({ kind, by: actorIds[0], postId, commentId });

describe('a person is told', () => {
  it('who liked, who commented and who followed, newest first', async () => {
    const [ann, bo, cy] = people(3) as [string, string, string];
    const post = postBy(ann);
    const comment = commentBy(cy, post);
    await world.happened(like(bo, post));
    await world.happened(say(comment));
    await world.happened(follow(bo, ann));
    expect((await world.shownTo(ann)).map(asTold)).toEqual([
      { kind: 'FOLLOW', by: bo, postId: null, commentId: null },
      { kind: 'COMMENT', by: cy, postId: post.id, commentId: comment.id },
      { kind: 'LIKE', by: bo, postId: post.id, commentId: null },
    ]);
  });

  it('with the time of the deed, unread, and as one actor', async () => {
    const [ann, bo] = people(2) as [string, string];
    const at = new Date(Date.now() - 60_000);
    await world.happened(like(bo, postBy(ann), at));
    const [told] = await world.shownTo(ann);
    expect(told).toMatchObject({
      recipientId: ann,
      actorIds: [bo],
      actorCount: 1,
      isRead: false,
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
    });
  });

  it('of every comment of the same person', async () => {
    const [ann, bo] = people(2) as [string, string];
    const post = postBy(ann);
    await world.happened(say(commentBy(bo, post)), say(commentBy(bo, post)));
    expect(await world.shownTo(ann)).toHaveLength(2);
  });

  it('nothing of their own likes and comments, which count as consumed', async () => {
    const [ann] = people(1) as [string];
    const post = postBy(ann);
    const acceptedBefore = await accepted();
    await world.happened(like(ann, post), say(commentBy(ann, post)), unlike(ann, post));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await accepted()).toBe(acceptedBefore + 3);
  });
});

describe('what is taken back', () => {
  it('is no longer shown, and says nothing to sockets', async () => {
    const [ann, bo] = people(2) as [string, string];
    const post = postBy(ann);
    const comment = commentBy(bo, post);
    await world.happened(like(bo, post), say(comment), follow(bo, ann));
    await world.happened(unlike(bo, post), unsay(comment), unfollow(bo, ann));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toHaveLength(3);
  });

  it('and done again is one notification at its old place, pushed once', async () => {
    const [ann, bo, cy] = people(3) as [string, string, string];
    const post = postBy(ann);
    await world.happened(like(bo, post));
    const [first] = await world.shownTo(ann);
    await world.happened(like(cy, post));
    await world.happened(unlike(bo, post));
    const again = like(bo, post, new Date(Date.now() + 1_000));
    await world.happened(again);
    const shown = await world.shownTo(ann);
    expect(shown.map((told) => told.actorIds[0])).toEqual([cy, bo]);
    expect(shown[1]).toEqual({ ...first, updatedAt: again.payload.at });
    expect(await world.pushesTo(ann)).toHaveLength(2);
  });

  it('before it arrives is never shown', async () => {
    const [ann, bo] = people(2) as [string, string];
    const post = postBy(ann);
    const liked = like(bo, post);
    await world.happened(unlike(bo, post));
    await world.happened(liked);
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toEqual([]);
  });

  it('before it arrives, and done again, is shown as what came last', async () => {
    const [ann, bo, cy] = people(3) as [string, string, string];
    const post = postBy(ann);
    await world.happened(unlike(bo, post));
    await world.happened(like(cy, post));
    const liked = like(bo, post);
    await world.happened(liked);
    const shown = await world.shownTo(ann);
    expect(shown.map((told) => told.actorIds[0])).toEqual([bo, cy]);
    expect(shown[0]!.createdAt).toBe(liked.payload.at);
    expect(await world.pushesTo(ann)).toHaveLength(2);
  });

  it('stays hidden when the first event comes once more under another id', async () => {
    const [ann, bo] = people(2) as [string, string];
    const post = postBy(ann);
    const liked = like(bo, post);
    await world.happened(liked);
    await world.happened(unlike(bo, post));
    await world.happened(liked);
    expect(await world.shownTo(ann)).toEqual([]);
  });
});

describe('an event that is delivered again', () => {
  it('changes nothing', async () => {
    const [ann, bo] = people(2) as [string, string];
    const liked = like(bo, postBy(ann));
    const eventId = newId();
    for (let delivery = 0; delivery < 3; delivery++) await world.deliver(liked, eventId);
    await Promise.all([liked, liked, liked].map((deed) => world.deliver(deed, eventId)));
    expect(await world.shownTo(ann)).toHaveLength(1);
    expect(await world.pushesTo(ann)).toHaveLength(1);
  });

  it('with all the others, because the broker forgot its consumer, changes nothing', async () => {
    const [ann, bo, cy] = people(3) as [string, string, string];
    const post = postBy(ann);
    await world.happened(like(bo, post), like(cy, post));
    await world.happened(unlike(cy, post));
    const before = { shown: await world.shownTo(ann), pushes: await world.pushesTo(ann), accepted: await accepted() };
    const name = consumerName('notification', postEvent.liked);
    const { created } = await world.streams.consumers.info(EVENT_STREAM.name, name);
    // NATS 2.9 may stumble over its own files after it has forgotten the consumer.
    await world.streams.consumers.delete(EVENT_STREAM.name, name).catch(() => undefined);
    await eventually(async () => (await world.streams.consumers.info(EVENT_STREAM.name, name)).created !== created);
    await world.settled();
    expect({ shown: await world.shownTo(ann), pushes: await world.pushesTo(ann), accepted: await accepted() }).toEqual(
      before,
    );
  });
});

describe('a post that is deleted', () => {
  it('takes its likes and comments along, and nothing else', async () => {
    const [ann, bo] = people(2) as [string, string];
    const [gone, kept] = [postBy(ann), postBy(ann)];
    await world.happened(like(bo, gone), say(commentBy(bo, gone)), like(bo, kept), follow(bo, ann));
    await world.happened(deletePost(gone));
    expect((await world.shownTo(ann)).map(({ kind, postId }) => [kind, postId]).sort()).toEqual([
      ['FOLLOW', null],
      ['LIKE', kept.id],
    ]);
  });

  it('hides what arrives after it, first likes as well as later ones', async () => {
    const [ann, bo, cy] = people(3) as [string, string, string];
    const post = postBy(ann);
    await world.happened(like(bo, post));
    await world.happened(deletePost(post));
    await world.happened(like(bo, post), like(cy, post), say(commentBy(cy, post)));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toHaveLength(1);
  });

  it('while it is being liked leaves nothing behind', async () => {
    const [ann, ...others] = people(41) as [string, ...string[]];
    const posts = Array.from({ length: 5 }, () => postBy(ann));
    const deeds = posts.flatMap((post) => [...others.map((other) => like(other, post)), deletePost(post)]);
    await world.happened(...deeds.sort((a, b) => scatter(a) - scatter(b)));
    expect(await world.shownTo(ann)).toEqual([]);
  });

  it('takes along more than one statement should touch', async () => {
    const [ann] = people(1) as [string];
    const post = postBy(ann);
    await world.db.query('insert into recipient (id, last_sequence) values ($1, 4500)', [ann]);
    await world.db.query(
      `insert into notification (id, recipient_id, kind, actor_id, subject_id, post_id, version, active, sequence, created_at, updated_at)
       select gen_random_uuid(), $1, 'LIKE', gen_random_uuid(), $2, $2, n, true, n, now(), now() from generate_series(1, 4500) n`,
      [ann, post.id],
    );
    await world.happened(deletePost(post));
    expect(await world.shownTo(ann)).toEqual([]);
  });
});

async function accepted(): Promise<number> {
  const [row] = await world.db.query<{ n: number }>('select count(*)::int as n from inbox');
  return row!.n;
}

/** An order that has nothing to do with that of the deeds, but is the same in every run. */
const scatter = ({ payload }: { payload: object }): number =>
  (('version' in payload ? Number(payload.version) : 7) * 7_919) % 1_009;
