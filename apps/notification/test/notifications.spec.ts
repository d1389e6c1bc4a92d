import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type Notification, type NotificationEdge, notificationRpc } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { consumerName, EVENT_STREAM } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import {
  acceptCoAuthorship,
  acceptFollow,
  addComment,
  addReply,
  commentBy,
  deleteComment,
  deletePost,
  endCoAuthorship,
  endRequest,
  follow,
  inviteCoAuthor,
  like,
  likeComment,
  mention,
  movePost,
  postBy,
  repost,
  requestFollow,
  tag,
  unfollow,
  unlike,
  unlikeComment,
  unmention,
  unrepost,
  untag,
} from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const summaryOf = ({ kind, actorIds, postId, commentId }: Notification) => ({
  kind,
  by: actorIds[0],
  postId,
  commentId,
});

describe('The notifications of a user', () => {
  it('name who liked, who commented and who followed, newest first', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const comment = commentBy(cy, post);
    await world.publishAndConsume(like(bo, post));
    await world.publishAndConsume(addComment(comment));
    await world.publishAndConsume(follow(bo, ann));
    expect((await world.shownTo(ann)).map(summaryOf)).toEqual([
      { kind: 'FOLLOW', by: bo, postId: null, commentId: null },
      { kind: 'COMMENT', by: cy, postId: post.id, commentId: comment.id },
      { kind: 'LIKE', by: bo, postId: post.id, commentId: null },
    ]);
  });

  it('name who answers a comment of theirs, and who likes it, while comment and like are there', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const comment = commentBy(bo, post);
    const reply = commentBy(cy, post);
    const shown = async (userId: string) => (await world.shownTo(userId)).map(summaryOf);
    await world.publishAndConsume(addReply(reply, bo));
    await world.publishAndConsume(likeComment(cy, comment));
    const about = { postId: post.id, by: cy };
    expect(await shown(bo)).toEqual([
      { ...about, kind: 'COMMENT_LIKE', commentId: comment.id },
      { ...about, kind: 'REPLY', commentId: reply.id },
    ]);
    expect(await shown(ann)).toEqual([{ ...about, kind: 'COMMENT', commentId: reply.id }]);
    await world.publishAndConsume(unlikeComment(cy, comment), deleteComment(reply, new Date(), bo));
    expect([await shown(ann), await shown(bo)]).toEqual([[], []]);
  });

  it('name nobody who answers or likes them themselves, or says what they have muted', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const comment = commentBy(bo, post);
    await world.publishAndConsume(addReply(commentBy(bo, post), bo), likeComment(bo, comment));
    await world.publishAndConsume(addReply(commentBy(cy, post), bo, true));
    expect(await world.shownTo(bo)).toEqual([]);
    expect(await world.shownTo(ann)).toHaveLength(2);
  });

  it('hide the likes of a comment that is deleted, also those that arrive late', async () => {
    const [ann, bo, cy, dee] = userIds(4) as [string, string, string, string];
    const post = postBy(ann);
    const [comment, other] = [commentBy(bo, post), commentBy(bo, post)];
    const late = likeComment(dee, comment);
    await world.publishAndConsume(likeComment(cy, comment), likeComment(cy, other));
    await world.publishAndConsume(deleteComment(comment));
    await world.publishAndConsume(late);
    expect((await world.shownTo(bo)).map(({ commentId }) => commentId)).toEqual([other.id]);
  });

  it('hide what others are notified of about a post that is deleted, also what arrives meanwhile', async () => {
    const [ann, bo, ...others] = userIds(12) as [string, string, ...string[]];
    const post = postBy(ann);
    const comment = commentBy(bo, post);
    const events = others.map((other) => likeComment(other, comment));
    await world.publishAndConsume(...events.slice(0, 5), deletePost(post), ...events.slice(5));
    expect(await world.shownTo(bo)).toEqual([]);
  });

  it('name who asks to follow while they wait, and who has accepted while they are followed', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const kindsOf = async (userId: string) =>
      (await world.shownTo(userId)).map(({ kind, actorIds }) => `${kind} ${actorIds[0] === ann ? 'ann' : 'bo'}`);
    await world.publishAndConsume(requestFollow(bo, ann));
    expect([await kindsOf(ann), await kindsOf(bo)]).toEqual([['FOLLOW_REQUEST bo'], []]);
    await world.publishAndConsume(endRequest(bo, ann));
    expect(await kindsOf(ann)).toEqual([]);
    await world.publishAndConsume(requestFollow(bo, ann));
    await world.publishAndConsume(endRequest(bo, ann, true), follow(bo, ann), acceptFollow(bo, ann));
    expect([await kindsOf(ann), await kindsOf(bo)]).toEqual([['FOLLOW bo'], ['FOLLOW_ACCEPTED ann']]);
    await world.publishAndConsume(unfollow(bo, ann));
    expect([await kindsOf(ann), await kindsOf(bo)]).toEqual([[], []]);
  });

  it('follow the newest of what is said of a request, in whatever order it comes and however often', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const asked = [requestFollow(bo, ann), endRequest(bo, ann), requestFollow(cy, ann)];
    const accepted = [acceptFollow(ann, bo), unfollow(ann, bo), acceptFollow(ann, cy)];
    for (const built of [...asked, ...accepted].reverse()) {
      const eventId = newId();
      for (let times = 0; times < 2; times++) await world.deliver(built, eventId);
    }
    expect((await world.shownTo(ann)).map(({ kind, actorIds }) => [kind, actorIds[0]]).sort()).toEqual([
      ['FOLLOW_ACCEPTED', cy],
      ['FOLLOW_REQUEST', cy],
    ]);
  });

  it('name who mentions them in a post or a comment, once for each, until the text or the post is gone', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const [post, comment] = [postBy(bo), newId()];
    const eventId = newId();
    for (let times = 0; times < 2; times++) await world.deliver(mention(bo, [ann, cy, bo], post), eventId);
    await world.publishAndConsume(mention(cy, [ann], post, comment));
    const inPost = { kind: 'MENTION', by: bo, postId: post.id, commentId: null };
    const inComment = { kind: 'MENTION', by: cy, postId: post.id, commentId: comment };
    const shownTo = async (userId: string) => (await world.shownTo(userId)).map(summaryOf);
    expect([await shownTo(ann), await shownTo(cy), await shownTo(bo)]).toEqual([[inComment, inPost], [inPost], []]);
    await world.publishAndConsume(unmention(cy, [ann], post, comment));
    expect(await shownTo(ann)).toEqual([inPost]);
    await world.publishAndConsume(deletePost(post));
    expect([await shownTo(ann), await shownTo(cy)]).toEqual([[], []]);
  });

  it('name who passes on a post of theirs, once for each, until it is taken back', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const eventId = newId();
    for (let times = 0; times < 2; times++) await world.deliver(repost(bo, post), eventId);
    await world.publishAndConsume(repost(cy, post));
    await world.publishAndConsume(repost(ann, post));
    const shown = async () => (await world.shownTo(ann)).map(summaryOf);
    const [byBo, byCy] = [bo, cy].map((by) => ({ kind: 'REPOST', by, postId: post.id, commentId: null }));
    expect(await shown()).toEqual([byCy, byBo]);
    await world.publishAndConsume(unrepost(bo, post));
    expect(await shown()).toEqual([byCy]);
    await world.publishAndConsume(deletePost(post));
    expect(await shown()).toEqual([]);
  });

  it('name who tags them in a picture, once for the post, until the tag or the post is gone', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const eventId = newId();
    for (let times = 0; times < 2; times++) await world.deliver(tag([ann, bo, cy], post), eventId);
    const shown = async (userId: string) => (await world.shownTo(userId)).map(summaryOf);
    const tagged = { kind: 'TAG', by: ann, postId: post.id, commentId: null };
    expect([await shown(ann), await shown(bo), await shown(cy)]).toEqual([[], [tagged], [tagged]]);
    await world.publishAndConsume(untag([bo], post));
    expect([await shown(bo), await shown(cy)]).toEqual([[], [tagged]]);
    await world.publishAndConsume(deletePost(post));
    expect(await shown(cy)).toEqual([]);
  });

  it('ask whoever is invited to be a co-author until they answer, and tell the author who has accepted', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const shown = async (userId: string) => (await world.shownTo(userId)).map(summaryOf);
    const about = (kind: string, by: string) => ({ kind, by, postId: post.id, commentId: null });
    await world.publishAndConsume(inviteCoAuthor(bo, post), inviteCoAuthor(cy, post));
    const invited = about('CO_AUTHOR_INVITE', ann);
    expect([await shown(ann), await shown(bo), await shown(cy)]).toEqual([[], [invited], [invited]]);
    const [accepted, ended] = [acceptCoAuthorship(bo, post), endCoAuthorship(bo, post)];
    await world.publishAndConsume(accepted, endCoAuthorship(cy, post));
    expect([await shown(ann), await shown(bo), await shown(cy)]).toEqual([[about('CO_AUTHOR_ACCEPTED', bo)], [], []]);
    await world.publishAndConsume(ended, accepted);
    expect(await shown(ann)).toEqual([]);
  });

  it('have the time of the action, are unread and name one actor', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const at = new Date(Date.now() - 60_000);
    await world.publishAndConsume(like(bo, postBy(ann), at));
    const [notification] = await world.shownTo(ann);
    expect(notification).toMatchObject({
      recipientId: ann,
      actorIds: [bo],
      actorCount: 1,
      isRead: false,
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
    });
  });

  it('include every comment of the same user', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    await world.publishAndConsume(addComment(commentBy(bo, post)), addComment(commentBy(bo, post)));
    expect(await world.shownTo(ann)).toHaveLength(2);
  });

  it('include no comment with a word that the recipient has muted, and no push of it', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const [muted, other] = [commentBy(bo, postBy(ann)), commentBy(bo, postBy(ann))];
    await world.publishAndConsume(addComment(muted, new Date(), true), addComment(other));
    expect((await world.shownTo(ann)).map(({ commentId }) => commentId)).toEqual([other.id]);
    expect(await world.pushesTo(ann)).toHaveLength(1);
    await world.publishAndConsume(deleteComment(muted), deleteComment(other));
    expect(await world.shownTo(ann)).toEqual([]);
  });

  it('include nothing of their own likes and comments, which count as processed', async () => {
    const [ann] = userIds(1) as [string];
    const post = postBy(ann);
    const processedBefore = await processed();
    await world.publishAndConsume(like(ann, post), addComment(commentBy(ann, post)), unlike(ann, post));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await processed()).toBe(processedBefore + 3);
  });
});

describe('An action that is taken back', () => {
  it('is no longer shown, and says nothing to sockets', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    const comment = commentBy(bo, post);
    await world.publishAndConsume(like(bo, post), addComment(comment), follow(bo, ann));
    await world.publishAndConsume(unlike(bo, post), deleteComment(comment), unfollow(bo, ann));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toHaveLength(3);
  });

  it('is one notification under a new number when it is done again, pushed once more, with the time of the new action', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    await world.publishAndConsume(like(bo, post));
    const [first] = await world.shownTo(ann);
    await world.publishAndConsume(like(cy, post));
    await world.publishAndConsume(unlike(bo, post));
    const again = like(bo, post, new Date(Date.now() + 1_000));
    await world.publishAndConsume(again);
    const shown = await world.shownTo(ann);
    expect(shown.map((notification) => notification.actorIds[0])).toEqual([bo, cy]);
    expect(shown[0]).toEqual({ ...first, createdAt: again.payload.at, updatedAt: again.payload.at });
    expect(numbersOf(await world.pushesTo(ann))).toEqual([1, 2, 3]);
  });

  it('comes to a subscriber who has resumed behind its old number', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    const since = (sequence: number) =>
      world.call(notificationRpc.since, { recipientId: ann, after: encodeSequence(sequence), limit: 10 });
    for (const event of [like(bo, post), unlike(bo, post), addComment(commentBy(cy, post))]) await world.deliver(event);
    const resumed = await since(0);
    expect(numbersOf(resumed.edges)).toEqual([2]);
    await world.deliver(like(bo, post));
    expect(numbersOf((await since(decodeSequence(resumed.head))).edges)).toEqual([3]);
  });

  it('is unread when it is done again, though it was read before', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    await world.deliver(like(bo, post));
    const [first] = (await world.shownTo(ann)) as [Notification];
    const read = () => world.call(notificationRpc.markRead, { recipientId: ann, upToId: first.id });
    expect(await read()).toEqual({ unreadCount: 0 });
    await world.deliver(unlike(bo, post));
    expect(await read()).toEqual({ unreadCount: 0 });
    await world.deliver(like(bo, post));
    expect(await world.call(notificationRpc.unreadCount, { recipientId: ann })).toEqual({ count: 1 });
    expect((await world.shownTo(ann)).map(({ isRead }) => isRead)).toEqual([false]);
    expect(await read()).toEqual({ unreadCount: 0 });
  });

  it('keeps its number when it is reported again and nobody has seen it withdrawn', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    const [first, withdrawn, again] = [like(bo, post), unlike(bo, post), like(bo, post)];
    for (const event of [first, again, withdrawn]) await world.deliver(event);
    expect(await world.shownTo(ann)).toHaveLength(1);
    expect(numbersOf(await world.pushesTo(ann))).toEqual([1]);
  });

  it('is never shown when that arrives first', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    const liked = like(bo, post);
    await world.publishAndConsume(unlike(bo, post));
    await world.publishAndConsume(liked);
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toEqual([]);
  });

  it('is shown as the newest when that arrives first and it is done again', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    await world.publishAndConsume(unlike(bo, post));
    await world.publishAndConsume(like(cy, post));
    const liked = like(bo, post);
    await world.publishAndConsume(liked);
    const shown = await world.shownTo(ann);
    expect(shown.map((notification) => notification.actorIds[0])).toEqual([bo, cy]);
    expect(shown[0]!.createdAt).toBe(liked.payload.at);
    expect(await world.pushesTo(ann)).toHaveLength(2);
  });

  it('stays hidden when the first event comes once more under another id', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    const liked = like(bo, post);
    await world.publishAndConsume(liked);
    await world.publishAndConsume(unlike(bo, post));
    await world.publishAndConsume(liked);
    expect(await world.shownTo(ann)).toEqual([]);
  });
});

describe('An event that is delivered again', () => {
  it('changes nothing any more', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const liked = like(bo, postBy(ann));
    const eventId = newId();
    for (let delivery = 0; delivery < 3; delivery++) await world.deliver(liked, eventId);
    await Promise.all([liked, liked, liked].map((event) => world.deliver(event, eventId)));
    expect(await world.shownTo(ann)).toHaveLength(1);
    expect(await world.pushesTo(ann)).toHaveLength(1);
  });

  it('changes nothing when the broker has lost its consumer and delivers all of them again', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    await world.publishAndConsume(like(bo, post), like(cy, post));
    await world.publishAndConsume(unlike(cy, post));
    const before = { shown: await world.shownTo(ann), pushes: await world.pushesTo(ann), processed: await processed() };
    const name = consumerName('notification', postEvent.liked);
    const { created } = await world.streams.consumers.info(EVENT_STREAM.name, name);
    // NATS 2.9 may stumble over its own files after it has deleted the consumer.
    await world.streams.consumers.delete(EVENT_STREAM.name, name).catch(() => undefined);
    await world.makeStreams();
    await eventually(async () => (await world.streams.consumers.info(EVENT_STREAM.name, name)).created !== created);
    await eventually(async () => (await world.streams.consumers.info(EVENT_STREAM.name, name)).num_waiting > 0);
    await world.becomesIdle();
    expect({
      shown: await world.shownTo(ann),
      pushes: await world.pushesTo(ann),
      processed: await processed(),
    }).toEqual(before);
  });
});

describe('A post that is deleted', () => {
  it('takes its likes and comments along, and nothing else', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const [gone, kept] = [postBy(ann), postBy(ann)];
    await world.publishAndConsume(like(bo, gone), addComment(commentBy(bo, gone)), like(bo, kept), follow(bo, ann));
    await world.publishAndConsume(deletePost(gone));
    expect((await world.shownTo(ann)).map(({ kind, postId }) => [kind, postId]).sort()).toEqual([
      ['FOLLOW', null],
      ['LIKE', kept.id],
    ]);
  });

  it('hides what was said about a post while it is archived, in counts as well, and shows it again, unread as it was', async () => {
    const [ann, bo, cy, dan] = userIds(4) as [string, string, string, string];
    const [post, kept] = [postBy(ann), postBy(ann)];
    await world.publishAndConsume(like(bo, post), like(cy, kept), mention(ann, [dan], post));
    const unread = async () => (await world.call(notificationRpc.unreadCount, { recipientId: ann })).count;
    const [byBo] = (await world.shownTo(ann)).filter(({ postId }) => postId === post.id);
    await world.publishAndConsume(movePost(post, 'ARCHIVED', 3));
    await world.publishAndConsume(movePost(post, 'PUBLISHED', 2));
    expect((await world.shownTo(ann)).map(({ postId }) => postId)).toEqual([kept.id]);
    expect([await unread(), await world.shownTo(dan)]).toEqual([1, []]);
    expect(await world.call(notificationRpc.byIds, { recipientId: ann, ids: [byBo!.id] })).toEqual([]);
    const pushes = (await world.pushesTo(ann)).length;
    await world.publishAndConsume(addComment(commentBy(cy, post)));
    expect((await world.pushesTo(ann)).length).toBe(pushes);
    await world.publishAndConsume(movePost(post, 'PUBLISHED', 4));
    expect((await world.shownTo(ann)).filter(({ id }) => id === byBo!.id)).toEqual([byBo]);
    expect([await unread(), (await world.shownTo(dan)).length]).toEqual([3, 1]);
  });

  it('hides what arrives after it, first likes as well as later ones', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    await world.publishAndConsume(like(bo, post));
    await world.publishAndConsume(deletePost(post));
    await world.publishAndConsume(like(bo, post), like(cy, post), addComment(commentBy(cy, post)));
    expect(await world.shownTo(ann)).toEqual([]);
    expect(await world.pushesTo(ann)).toHaveLength(1);
  });

  it('leaves nothing behind when it is liked at the same time', async () => {
    const [ann, ...others] = userIds(41) as [string, ...string[]];
    const posts = Array.from({ length: 5 }, () => postBy(ann));
    const events = posts.flatMap((post) => [...others.map((other) => like(other, post)), deletePost(post)]);
    await world.publishAndConsume(...events.sort((a, b) => scatter(a) - scatter(b)));
    expect(await world.shownTo(ann)).toEqual([]);
  });

  it('takes along more than one statement should touch', async () => {
    const [ann] = userIds(1) as [string];
    const post = postBy(ann);
    await world.db.query('insert into recipient (id, last_sequence) values ($1, 4500)', [ann]);
    await world.db.query(
      `insert into notification (id, recipient_id, kind, actor_id, subject_id, post_id, version, active, sequence, created_at, updated_at)
       select gen_random_uuid(), $1, 'LIKE', gen_random_uuid(), $2, $2, n, true, n, now(), now() from generate_series(1, 4500) n`,
      [ann, post.id],
    );
    await world.publishAndConsume(deletePost(post));
    expect(await world.shownTo(ann)).toEqual([]);
  });
});

const numbersOf = (edges: NotificationEdge[]): number[] => edges.map(({ cursor }) => decodeSequence(cursor));

async function processed(): Promise<number> {
  const [row] = await world.db.query<{ n: number }>('select count(*)::int as n from inbox');
  return row!.n;
}

/** An order that has nothing to do with that of the events, but is the same in every run. */
const scatter = ({ payload }: { payload: object }): number =>
  (('version' in payload ? Number(payload.version) : 7) * 7_919) % 1_009;
