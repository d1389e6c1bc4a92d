import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { newUserIds, openWorld, type World } from './world.js';

describe('likes of a post', () => {
  let world: World;
  const [ann, bo] = newUserIds(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const eventsOf = async (postId: string) =>
    [...(await world.published(postEvent.liked)), ...(await world.published(postEvent.unliked))].filter(
      (fact) => fact.postId === postId,
    );

  it('counts a like and shows it to the viewer who made it', async () => {
    const post = await world.post(ann);
    const liked = await world.call(postRpc.like, { postId: post.id, userId: bo });
    expect(liked).toEqual({ ...post, likeCount: 1, viewerHasLiked: true });
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: bo })).toEqual([liked]);
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: ann })).toEqual([{ ...post, likeCount: 1 }]);
    expect(await world.call(postRpc.unlike, { postId: post.id, userId: bo })).toEqual(post);
  });

  it('counts a like once however often it is repeated, and takes it back once', async () => {
    const post = await world.post(ann);
    const edge = { postId: post.id, userId: bo };
    for (let i = 0; i < 3; i++) expect((await world.call(postRpc.like, edge)).likeCount).toBe(1);
    for (let i = 0; i < 3; i++) expect((await world.call(postRpc.unlike, edge)).likeCount).toBe(0);
    expect(await eventsOf(post.id)).toHaveLength(2);
  });

  it('publishes author, liker and a version that grows with each change of the edge', async () => {
    const post = await world.post(ann);
    const edge = { postId: post.id, userId: bo };
    await world.call(postRpc.like, edge);
    await world.call(postRpc.unlike, edge);
    await world.call(postRpc.like, edge);
    const events = (await eventsOf(post.id)).sort((a, b) => a.version - b.version);
    expect(events).toHaveLength(3);
    expect(new Set(events.map((fact) => fact.version)).size).toBe(3);
    for (const fact of events) expect(fact).toMatchObject({ postId: post.id, authorId: ann, likerId: bo });
    expect(await world.published(postEvent.unliked)).toContainEqual(events[1]);
  });

  it('counts twenty likes of the same pair at once as one', async () => {
    const post = await world.post(ann);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.call(postRpc.like, { postId: post.id, userId: bo })),
    );
    expect(answers.every((answer) => answer.likeCount === 1 && answer.viewerHasLiked)).toBe(true);
    expect(await eventsOf(post.id)).toHaveLength(1);
  });

  it('counts exactly two hundred likes of two hundred users at once, also while they are aggregated', async () => {
    const post = await world.post(ann);
    await Promise.all(newUserIds(200).map((userId) => world.call(postRpc.like, { postId: post.id, userId })));
    const count = async () => (await world.call(postRpc.byIds, { ids: [post.id], viewerId: null }))[0]!.likeCount;
    expect(await count()).toBe(200);
    for (;;) {
      const [left] = await world.db.query<{ deltas: number }>('select count(*)::int as deltas from post_counter_delta');
      expect(await count()).toBe(200);
      if (left!.deltas === 0) break;
    }
    expect(await world.db.query('select like_count from post where id = $1', [post.id])).toEqual([{ like_count: 200 }]);
  });

  it('keeps the count equal to the edges under any interleaving of likes and unlikes, and the last event says which it was', async () => {
    const post = await world.post(ann);
    const fans = newUserIds(5);
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        world.call(i % 3 === 0 ? postRpc.unlike : postRpc.like, { postId: post.id, userId: fans[i % fans.length]! }),
      ),
    );
    const edges = await world.db.query<{ user_id: string }>('select user_id from post_like where post_id = $1', [
      post.id,
    ]);
    const [shown] = await world.call(postRpc.byIds, { ids: [post.id], viewerId: null });
    expect(shown!.likeCount).toBe(edges.length);
    const liked = await world.published(postEvent.liked);
    const events = (await eventsOf(post.id)).sort((a, b) => a.version - b.version);
    for (const fan of fans) {
      const last = events.filter((fact) => fact.likerId === fan).at(-1);
      const lastIsLike = last !== undefined && liked.some((fact) => fact.version === last.version);
      expect(lastIsLike).toBe(edges.some((edge) => edge.user_id === fan));
    }
  });

  it('refuses a like of a post that does not exist', async () => {
    await expect(world.call(postRpc.like, { postId: newId(), userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['postId'] },
    });
    await expect(world.call(postRpc.like, { postId: 'x', userId: bo })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['postId'] },
    });
  });

  it('answers a used idempotency key with the stored response', async () => {
    const post = await world.post(ann);
    const options = { idempotencyKey: newId() };
    const first = await world.call(postRpc.like, { postId: post.id, userId: bo }, options);
    await world.call(postRpc.unlike, { postId: post.id, userId: bo });
    expect(await world.call(postRpc.like, { postId: post.id, userId: bo }, options)).toEqual(first);
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: bo })).toEqual([post]);
  });

  it('lists who liked the post, newest first, none twice and none left out while others come', async () => {
    const post = await world.post(ann);
    const fans = newUserIds(9);
    for (const userId of fans) await world.call(postRpc.like, { postId: post.id, userId });
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(postRpc.likers, { postId: post.id, first: 4, after });
      seen.push(...page.edges.map((edge) => edge.node));
      await world.call(postRpc.like, { postId: post.id, userId: newId() });
      if (!page.hasNextPage) break;
      after = page.edges.at(-1)!.cursor;
    }
    expect(new Set(seen)).toEqual(new Set(fans));
    expect(seen).toHaveLength(fans.length);
    expect((await world.call(postRpc.likers, { postId: (await world.post(ann)).id })).edges).toEqual([]);
  });

  it('orders likes against the deletion of their post: every published like is of a post that existed', async () => {
    const post = await world.post(ann);
    const fans = newUserIds(20);
    const answers = Promise.allSettled(fans.map((userId) => world.call(postRpc.like, { postId: post.id, userId })));
    await world.call(postRpc.delete, { id: post.id, userId: ann });
    const made = (await answers).filter((answer) => answer.status === 'fulfilled').length;
    expect(await eventsOf(post.id)).toHaveLength(made);
    const [order] = await world.db.query<{ ordered: boolean }>(
      `select coalesce(bool_and(l.created_at <= p.deleted_at), true) as ordered from post p left join post_like l on l.post_id = p.id where p.id = $1`,
      [post.id],
    );
    expect(order!.ordered).toBe(true);
  });
});
