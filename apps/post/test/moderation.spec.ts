import { type Comment, moderationRpc, type Post, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { type ContentKind, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { untilErased } from './erasure-kit.js';
import { openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const [ann, bo, cy] = [newId(), newId(), newId()];
const VIEWERS = { 'the author': ann, 'the reporter': bo, 'somebody else': cy, nobody: null };
const reason = 'It shows weapons.';

const commentOn = (post: Post, authorId: string): Promise<Comment> =>
  world.call(postRpc.createComment, { postId: post.id, authorId, text: 'Hm' });
const hideReported = (reporterId: string, kind: ContentKind, contentId: string) =>
  world.call(moderationRpc.hideReported, { reporterId, kind, contentId });
const apply = (kind: ContentKind, contentId: string, hidden: boolean, version: number) =>
  world.call(moderationRpc.apply, { kind, contentId, hidden, reason, version });
const succeeds = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    (error: { code: string }) => {
      expect(error.code).toBe('NOT_FOUND');
      return false;
    },
  );

/** Which ways lead this viewer to the post; everybody follows its author. */
async function waysTo({ id, authorId }: Post, viewerId: string | null): Promise<Record<string, boolean>> {
  const page = await world.call(postRpc.byAuthor, { viewerId, authorId, first: 100 });
  const ways = {
    byIds: (await world.call(postRpc.byIds, { viewerId, ids: [id] })).length > 0,
    byAuthor: page.edges.some(({ node }) => node.id === id),
    comments: await succeeds(world.call(postRpc.comments, { viewerId, postId: id })),
    likers: await succeeds(world.call(postRpc.likers, { viewerId, postId: id })),
  };
  if (viewerId === null) return ways;
  return {
    ...ways,
    feed: (await world.feed(viewerId, 100)).includes(id),
    like: await succeeds(world.call(postRpc.like, { postId: id, userId: viewerId })),
    unlike: await succeeds(world.call(postRpc.unlike, { postId: id, userId: viewerId })),
    comment: await succeeds(world.call(postRpc.createComment, { postId: id, authorId: viewerId, text: 'Oh' })),
  };
}

/** The same for a comment under a post that everybody sees. */
async function waysToComment({ id, postId }: Comment, viewerId: string | null): Promise<Record<string, boolean>> {
  const page = await world.call(postRpc.comments, { viewerId, postId, first: 100 });
  return {
    byIds: (await world.call(postRpc.commentsByIds, { viewerId, ids: [id] })).length > 0,
    list: page.edges.some(({ node }) => node.id === id),
  };
}

const sees = async (ways: Promise<Record<string, boolean>>): Promise<boolean | string> => {
  const found = await ways;
  const [first] = Object.values(found);
  return Object.values(found).every((way) => way === first) ? first! : JSON.stringify(found);
};
const whoSees = async (look: (viewerId: string | null) => Promise<Record<string, boolean>>) => {
  const seen: Record<string, boolean | string> = {};
  for (const [name, viewerId] of Object.entries(VIEWERS)) seen[name] = await sees(look(viewerId));
  return seen;
};

const ALL = { 'the author': true, 'the reporter': true, 'somebody else': true, nobody: true };
const ALL_BUT_THE_REPORTER = { ...ALL, 'the reporter': false };
const THE_AUTHOR = { 'the author': true, 'the reporter': false, 'somebody else': false, nobody: false };

describe('a post', () => {
  let post: Post;
  beforeAll(() => [bo, cy].forEach((follower) => world.users.follow(follower, ann)));
  beforeEach(async () => void (post = await world.post(ann)));

  it('is hidden from whoever has reported it, on every way, and from nobody else', async () => {
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(ALL);
    for (let times = 0; times < 2; times++) await hideReported(bo, 'post', post.id);
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(ALL_BUT_THE_REPORTER);
  });

  it('that moderators hide is seen by its author alone, who reads why, until they show it again', async () => {
    await apply('post', post.id, true, 1);
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(THE_AUTHOR);
    const [own] = await world.call(postRpc.byIds, { viewerId: ann, ids: [post.id] });
    expect(own).toMatchObject({ id: post.id, hiddenReason: reason });
    await apply('post', post.id, false, 2);
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(ALL);
    const [shown] = await world.call(postRpc.byIds, { viewerId: ann, ids: [post.id] });
    expect(shown).not.toHaveProperty('hiddenReason');
  });

  it('follows the newest decision, however late an older one comes', async () => {
    await apply('post', post.id, false, 9);
    for (const version of [7, 9]) await apply('post', post.id, true, version);
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(ALL);
  });

  it('that was reported or hidden while it was deleted is so when it is restored', async () => {
    const other = await world.post(ann);
    for (const { id } of [post, other]) await world.call(postRpc.delete, { id, userId: ann });
    await hideReported(bo, 'post', other.id);
    await apply('post', post.id, true, 1);
    for (const { id } of [post, other]) await world.call(postLifeRpc.restore, { id, userId: ann });
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(THE_AUTHOR);
    expect(await whoSees((viewer) => waysTo(other, viewer))).toEqual(ALL_BUT_THE_REPORTER);
  });

  it('is hidden by the events as well, where a command did not arrive', async () => {
    await world.deliver(userEvent.contentReported, { reporterId: bo, kind: 'post', contentId: post.id });
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(ALL_BUT_THE_REPORTER);
    await world.deliver(userEvent.contentModerated, {
      kind: 'post',
      contentId: post.id,
      hidden: true,
      reason,
      version: 1,
    });
    expect(await whoSees((viewer) => waysTo(post, viewer))).toEqual(THE_AUTHOR);
  });
});

describe('a comment', () => {
  let comment: Comment;
  beforeEach(async () => void (comment = await commentOn(await world.post(newId()), ann)));

  it('is hidden from whoever has reported it, and from nobody else', async () => {
    expect(await whoSees((viewer) => waysToComment(comment, viewer))).toEqual(ALL);
    await hideReported(bo, 'comment', comment.id);
    expect(await whoSees((viewer) => waysToComment(comment, viewer))).toEqual(ALL_BUT_THE_REPORTER);
    expect(await world.call(postRpc.byIds, { viewerId: bo, ids: [comment.postId] })).toHaveLength(1);
  });

  it('that moderators hide is seen by its author alone, who reads why', async () => {
    await apply('comment', comment.id, true, 1);
    expect(await whoSees((viewer) => waysToComment(comment, viewer))).toEqual(THE_AUTHOR);
    const [own] = await world.call(postRpc.commentsByIds, { viewerId: ann, ids: [comment.id] });
    expect(own).toMatchObject({ hiddenReason: reason });
  });

  it('follows the newest decision, however late an older one comes', async () => {
    await apply('comment', comment.id, false, 9);
    for (const version of [7, 9]) await apply('comment', comment.id, true, version);
    expect(await whoSees((viewer) => waysToComment(comment, viewer))).toEqual(ALL);
  });

  it('can still be deleted by the author of the post who has reported it', async () => {
    const post = await world.post(bo);
    const { id } = await commentOn(post, ann);
    await hideReported(bo, 'comment', id);
    expect(await world.call(postRpc.deleteComment, { id, userId: bo })).toMatchObject({
      deleted: true,
      postId: post.id,
    });
  });
});

describe('moderators', () => {
  it('see what was reported or hidden and the post around it, whatever its audience, and nothing else', async () => {
    const posts = await Promise.all([1, 2, 3, 4, 5].map(() => world.post(newId(), { audience: 'CLOSE_FRIENDS' })));
    const [reported, hidden, around, untouched, deleted] = posts as [Post, Post, Post, Post, Post];
    const comment = await world.call(postRpc.createComment, {
      postId: around.id,
      authorId: around.authorId,
      text: 'Hm',
    });
    await hideReported(bo, 'post', reported.id);
    await hideReported(bo, 'post', deleted.id);
    await hideReported(bo, 'comment', comment.id);
    await apply('post', hidden.id, true, 1);
    await world.call(postRpc.delete, { id: deleted.id, userId: deleted.authorId });
    const seen = await world.call(moderationRpc.posts, { viewerId: cy, ids: posts.map(({ id }) => id) });
    expect(seen.map(({ id }) => id).sort()).toEqual([reported.id, hidden.id, around.id].sort());
    expect(seen.map(({ id }) => id)).not.toContain(untouched.id);
    expect(await world.call(moderationRpc.comments, { viewerId: cy, ids: [comment.id] })).toMatchObject([
      { id: comment.id },
    ]);
  });
});

/** Whoever waits for a lock that a transaction holds. */
const WAITING = `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;

describe('a moderator', () => {
  it('reads comments that were reported as they are, also with a word that they have muted, and no others', async () => {
    const post = await world.post(newId());
    const [reported, untouched, deleted] = [
      await commentOn(post, ann),
      await commentOn(post, ann),
      await commentOn(post, ann),
    ];
    for (const { id } of [reported, deleted]) await hideReported(bo, 'comment', id);
    await world.call(postRpc.deleteComment, { id: deleted.id, userId: ann });
    const mutedWords = { userId: cy, version: 1, words: [{ text: 'Hm', expiresAt: null }] };
    await world.call(postRpc.applyVisibility, { relations: [], accounts: [], mutedWords });
    const ids = [reported, untouched, deleted].map(({ id }) => id);
    expect(await world.call(moderationRpc.comments, { viewerId: cy, ids })).toMatchObject([
      { id: reported.id, isMuted: false },
    ]);
  });
});

describe('what was reported', () => {
  const rowsOf = (column: 'reporter_id' | 'post_id', id: string) =>
    world.db.query(`select from reported_content where ${column} = $1`, [id]);

  it('is gone with its post, and leaves nothing where both come at once: 50 reports and deletions', async () => {
    const author = newId();
    const posts = await Promise.all(Array.from({ length: 25 }, () => world.post(author)));
    const reporters = posts.map(() => newId());
    const answers = await Promise.allSettled(
      posts.flatMap(({ id }, index) => [
        hideReported(reporters[index]!, 'post', id),
        world.call(postRpc.delete, { id, userId: author }),
      ]),
    );
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    const ids = posts.map(({ id }) => id);
    for (const [index, viewerId] of reporters.entries())
      expect(await world.call(moderationRpc.posts, { viewerId, ids: [ids[index]!] })).toEqual([]);
    await world.deliver(userEvent.accountDeleted, { userId: author });
    await untilErased(world, author);
    expect(await world.db.query('select from reported_content where post_id = any($1::uuid[])', [ids])).toEqual([]);
  });

  it('is kept of nothing that is erased while the report waits for it', async () => {
    const { id } = await world.post(newId());
    let reporting: Promise<unknown> | undefined;
    await world.db.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`post:${id}`]);
      reporting = hideReported(bo, 'post', id);
      await eventually(async () => (await tx.query(WAITING)).length > 0);
      await tx.query('delete from post where id = $1', [id]);
    });
    await reporting;
    expect(await rowsOf('post_id', id)).toEqual([]);
  });

  it('is kept of nothing that does not exist, and of nobody whose account is deleted', async () => {
    const [post, gone] = [await world.post(ann), newId()];
    await world.deliver(userEvent.accountDeleted, { userId: gone });
    await untilErased(world, gone);
    await hideReported(gone, 'post', post.id);
    await hideReported(bo, 'post', newId());
    await hideReported(bo, 'comment', post.id);
    expect([await rowsOf('reporter_id', gone), await rowsOf('post_id', post.id)]).toEqual([[], []]);
  });
});
