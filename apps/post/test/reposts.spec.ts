import { type Post, postEvent, postRpc, repostRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { requestErasure, tablesNaming, untilErased, wrongCounts } from './erasure-kit.js';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('reposts', () => {
  let world: World;
  const [ann, bo, cy] = newUserIds(3) as [string, string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const repost = (postId: string, userId: string, text?: string) =>
    world.call(repostRpc.repost, { postId, userId, text });
  const unrepost = (postId: string, userId: string) => world.call(repostRpc.unrepost, { postId, userId });
  const find = async (id: string, viewerId: string | null = null) =>
    (await world.call(postRpc.byIds, { ids: [id], viewerId }))[0];
  const repostsOf = async (authorId: string, viewerId: string | null = null) =>
    (await world.call(repostRpc.byAuthor, { authorId, viewerId })).edges.map(({ node }) => node.id);

  /** A post, a friend who has passed it on, and a viewer who follows the friend and nobody else. */
  async function scene() {
    const [author, friend, viewer] = newUserIds(3) as [string, string, string];
    world.users.follow(viewer, friend);
    await relate(world, viewer, friend, { follows: true });
    const original = await world.post(author, { caption: 'of a spoiler' });
    return { author, friend, viewer, original, passedOn: await repost(original.id, friend) };
  }

  /** By which ways somebody comes upon a repost. */
  async function waysTo({ id, code }: Post, friend: string, viewerId: string): Promise<string[]> {
    const byCode = await world.call(postRpc.byCode, { code, viewerId });
    const tries = { like: postRpc.like, repost: repostRpc.repost } as const;
    const acts = await Promise.all(
      Object.entries(tries).map(async ([name, contract]) =>
        world.call(contract, { postId: id, userId: viewerId }).then(
          () => name,
          (error: { code: string }) => (expect(error.code).toBe('NOT_FOUND'), undefined),
        ),
      ),
    );
    return [
      (await find(id, viewerId)) && 'id',
      byCode.post && 'code',
      (await repostsOf(friend, viewerId)).includes(id) && 'list',
      (await world.feed(viewerId)).includes(id) && 'feed',
      ...acts,
    ].flatMap((way) => (typeof way === 'string' ? way : []));
  }
  const EVERY_WAY = ['id', 'code', 'list', 'feed', 'like', 'repost'];

  it('pass a post on once, with a text, and are taken back', async () => {
    const post = await world.post(ann);
    const made = await repost(post.id, bo, ' Look #here ');
    expect(made).toMatchObject({
      authorId: bo,
      caption: 'Look #here',
      mediaIds: [],
      repostOf: post.id,
      repostCount: 0,
    });
    for (let times = 0; times < 2; times++) expect((await repost(post.id, bo, 'again')).id).toBe(made.id);
    expect(await find(post.id)).toMatchObject({ repostCount: 1, repostOf: null });
    expect(await world.call(repostRpc.repostedAmong, { userId: bo, ids: [post.id, newId()] })).toEqual([
      { id: post.id },
    ]);
    expect(await world.call(repostRpc.repostedAmong, { userId: cy, ids: [post.id] })).toEqual([]);
    for (let times = 0; times < 2; times++)
      expect(await unrepost(post.id, bo)).toMatchObject({ id: post.id, repostCount: 0 });
    expect(await find(made.id, bo)).toBeUndefined();
    expect(await world.call(repostRpc.repostedAmong, { userId: bo, ids: [post.id] })).toEqual([]);
    expect(await world.published(postEvent.deleted)).toContainEqual({ postId: made.id, authorId: bo });
    const events = [...(await world.published(postEvent.reposted)), ...(await world.published(postEvent.unreposted))];
    const [first, second, ...more] = events.filter(({ postId }) => postId === post.id);
    expect([first, second]).toMatchObject(Array(2).fill({ authorId: ann, reposterId: bo, repostId: made.id }));
    expect(second!.version).toBeGreaterThan(first!.version);
    expect(more).toEqual([]);
    expect((await repost(post.id, bo)).id).not.toBe(made.id);
  });

  it('of a repost pass on what that one passes on, and taking it back is of that, too', async () => {
    const post = await world.post(ann);
    const ofBo = await repost(post.id, bo);
    const ofCy = await repost(ofBo.id, cy);
    expect(ofCy.repostOf).toBe(post.id);
    expect(await find(post.id)).toMatchObject({ repostCount: 2 });
    expect(await unrepost(ofBo.id, cy)).toMatchObject({ id: post.id, repostCount: 1 });
    expect(await find(ofCy.id)).toBeUndefined();
  });

  it('that are asked for or taken back once more with the same key are answered as at first, even after the repost is gone', async () => {
    const { original, passedOn, friend } = await scene();
    const edge = { postId: passedOn.id, userId: friend };
    const keys = [{ idempotencyKey: newId() }, { idempotencyKey: newId() }] as const;
    const made = await world.call(repostRpc.repost, edge, keys[0]);
    const takenBack = await world.call(repostRpc.unrepost, edge, keys[1]);
    expect([made.id, takenBack.id]).toEqual([passedOn.id, original.id]);
    expect(await world.call(repostRpc.repost, edge, keys[0])).toEqual(made);
    expect(await world.call(repostRpc.unrepost, edge, keys[1])).toEqual(takenBack);
    expect(await find(passedOn.id, friend)).toBeUndefined();
  });

  it('are counted exactly under any interleaving, one by each user, also while they are aggregated', async () => {
    const post = await world.post(ann);
    const users = newUserIds(5);
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? unrepost : repost)(post.id, users[i % users.length]!)),
    );
    const rows = await world.db.query<{ author_id: string }>(
      "select author_id from post where repost_of = $1 and state = 'PUBLISHED'",
      [post.id],
    );
    expect(new Set(rows.map(({ author_id }) => author_id)).size).toBe(rows.length);
    expect(await find(post.id)).toMatchObject({ repostCount: rows.length });
    const versions = (await world.published(postEvent.reposted)).filter(({ postId }) => postId === post.id);
    expect(versions.length).toBeGreaterThanOrEqual(rows.length);
  });

  it('are of what everybody may see, and of nothing that the user does not see', async () => {
    const [author, follower, stranger] = newUserIds(3) as [string, string, string];
    await relate(world, follower, author, { follows: true });
    const narrow = await world.post(author, { audience: 'FOLLOWERS' });
    const wide = await world.post(author);
    const refused = { code: 'FORBIDDEN', details: { reason: 'NOT_FOR_EVERYBODY' } };
    await expect(repost(narrow.id, follower)).rejects.toMatchObject(refused);
    await expect(repost(narrow.id, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await setAccount(world, author, { isPrivate: true });
    await expect(repost(wide.id, follower)).rejects.toMatchObject(refused);
    await expect(repost(wide.id, author)).rejects.toMatchObject(refused);
    await expect(repost(wide.id, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(repost(newId(), bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await expect(repost(wide.id, bo, 'x'.repeat(2_201))).rejects.toMatchObject({ details: { path: ['text'] } });
    expect(await world.db.query('select 1 from post where repost_of = any($1)', [[narrow.id, wide.id]])).toEqual([]);
  });

  it('come into the feeds of the followers, and are no posts of their author that a profile counts', async () => {
    const { friend, viewer, passedOn } = await scene();
    expect(await world.feed(viewer)).toEqual([passedOn.id]);
    await world.untilIdle();
    const post = await world.post(ann);
    const later = await repost(post.id, friend);
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual([later.id, passedOn.id]);
    expect(await world.feed(friend)).toEqual([later.id, passedOn.id]);
    expect((await world.call(postRpc.byAuthor, { authorId: friend, viewerId: viewer })).edges).toEqual([]);
    expect(await world.call(postRpc.countsByAuthors, { authorIds: [friend] })).toEqual([
      { authorId: friend, postCount: 0 },
    ]);
    expect(await repostsOf(friend, viewer)).toEqual([later.id, passedOn.id]);
  });

  describe('of what the viewer may not see', () => {
    type Scene = Awaited<ReturnType<typeof scene>>;
    const byViewer: [string, (scene: Scene) => Promise<unknown>][] = [
      ['the author is blocked', ({ viewer, author }) => block(world, viewer, author)],
      ['the account is private', ({ author }) => setAccount(world, author, { isPrivate: true })],
      ['the account is hidden', ({ author }) => setAccount(world, author, { hidden: true })],
      ['the author and the reposter block each other', ({ friend, author }) => block(world, friend, author)],
      [
        'the audience is narrower',
        ({ author, original }) =>
          world.call(postRpc.update, { id: original.id, userId: author, audience: 'FOLLOWERS' }),
      ],
      ['it is deleted', ({ author, original }) => world.call(postRpc.delete, { id: original.id, userId: author })],
      [
        'it is archived',
        ({ original }) => world.db.query("update post set state = 'ARCHIVED' where id = $1", [original.id]),
      ],
      [
        'moderators have hidden it',
        ({ original }) =>
          world.db.query("update post set moderated = true, hidden_reason = 'spam' where id = $1", [original.id]),
      ],
    ];

    it.each(byViewer)('are not there by any way, from a warm feed or from Postgres: %s', async (_why, hide) => {
      const made = await scene();
      expect((await waysTo(made.passedOn, made.friend, made.viewer)).sort()).toEqual([...EVERY_WAY].sort());
      await hide(made);
      expect(await waysTo(made.passedOn, made.friend, made.viewer)).toEqual([]);
      await world.redis.client.flushall();
      expect(await world.feed(made.viewer)).not.toContain(made.passedOn.id);
    });

    it('are not in the reposter’s own feed either', async () => {
      const { friend, author, original, passedOn } = await scene();
      expect(await world.feed(friend)).toEqual([passedOn.id]);
      await world.call(postRpc.update, { id: original.id, userId: author, audience: 'CLOSE_FRIENDS' });
      expect(await world.feed(friend)).toEqual([]);
      expect(await find(passedOn.id, friend)).toBeUndefined();
    });

    it('leave the feed alone where the viewer has muted the author, or a word of what is passed on', async () => {
      const muting = await scene();
      await relate(world, muting.viewer, muting.author, { postsMutedUntil: MUTED_FOR_EVER });
      const { viewer, passedOn, friend } = await scene();
      await world.call(postRpc.applyVisibility, {
        relations: [],
        accounts: [],
        mutedWords: { userId: viewer, version: 1, words: [{ text: 'spoiler', expiresAt: null }] },
      });
      for (const made of [muting, { viewer, passedOn, friend }]) {
        expect(await world.feed(made.viewer)).toEqual([]);
        expect(await repostsOf(made.friend, made.viewer)).toEqual([made.passedOn.id]);
      }
    });
  });

  it('are not found by hashtags, in explore or by words: what they pass on is', async () => {
    const post = await world.post(ann);
    const { id } = await repost(post.id, bo, 'about #zephyrs');
    expect(await world.db.query('select 1 from listed_post where post_id = $1', [id])).toEqual([]);
    expect(await world.db.query('select 1 from post_hashtag where post_id = $1', [id])).toEqual([]);
    expect(await world.db.query('select 1 from listed_post where post_id = $1', [post.id])).toHaveLength(1);
    await unrepost(post.id, bo);
  });

  it('are not changed or deleted like posts', async () => {
    const { friend, passedOn } = await scene();
    for (const work of [
      world.call(postRpc.update, { id: passedOn.id, userId: friend, audience: 'FOLLOWERS' }),
      world.call(postRpc.delete, { id: passedOn.id, userId: friend }),
    ])
      await expect(work).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await find(passedOn.id)).toEqual(passedOn);
  });

  it('go with the account that has made them, and with the account whose posts they pass on, likes and comments included', async () => {
    const { author, friend, original, passedOn } = await scene();
    const [reader] = newUserIds(1) as [string];
    const kept = await world.post(ann);
    const ofKept = await repost(kept.id, friend);
    for (const { id } of [passedOn, ofKept]) {
      await world.call(postRpc.like, { postId: id, userId: reader });
      await world.call(postRpc.createComment, { postId: id, authorId: reader, text: 'hi' });
    }
    await world.changeAccount(author, 'DELETED');
    await requestErasure(world, author);
    await untilErased(world, author);
    expect(await tablesNaming(world, author)).toEqual(['erased_user']);
    expect(await world.db.query('select 1 from post where id = any($1)', [[original.id, passedOn.id]])).toEqual([]);
    expect(await repostsOf(friend)).toEqual([ofKept.id]);
    await world.changeAccount(friend, 'DELETED');
    await requestErasure(world, friend);
    await untilErased(world, friend);
    expect(await find(kept.id)).toMatchObject({ repostCount: 0 });
    expect(await world.db.query('select 1 from post_like where user_id = $1', [reader])).toEqual([]);
    expect(await wrongCounts(world)).toEqual([]);
  });
});
