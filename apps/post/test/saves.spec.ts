import { encodeSequence, type Input } from '@fowergram/contracts-core';
import { collectionRpc, MAX_COLLECTIONS, MAX_SAVES, type Post, postRpc, saveRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { requestErasure, tablesNaming, untilErased, wrongCounts } from './erasure-kit.js';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('saved posts', () => {
  let world: World;
  const [ann, bo, cy] = newUserIds(3) as [string, string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const save = (postId: string, userId: string, collectionId?: string) =>
    world.call(saveRpc.save, { postId, userId, collectionId });
  const unsave = (postId: string, userId: string, collectionId?: string) =>
    world.call(saveRpc.unsave, { postId, userId, collectionId });
  const collect = (userId: string, name = 'Travel') => world.call(collectionRpc.create, { userId, name });
  const idsOf = ({ edges }: { edges: { node: Post }[] }) => edges.map(({ node }) => node.id);
  const saved = async (userId: string) => idsOf(await world.call(saveRpc.savedPosts, { userId, first: 100 }));
  const collected = async (userId: string, collectionId: string) =>
    idsOf(await world.call(collectionRpc.posts, { userId, collectionId, first: 100 }));
  const saveCount = async ({ id }: Post) =>
    (await world.call(postRpc.byIds, { ids: [id], viewerId: ann }))[0]!.saveCount;

  it('are counted once however often they are saved, listed latest save first, and taken back once', async () => {
    const [user] = newUserIds(1) as [string];
    const [first, second] = [await world.post(ann), await world.post(ann)];
    for (let times = 0; times < 3; times++) expect((await save(second.id, user)).saveCount).toBe(0);
    expect(await saveCount(second)).toBe(1);
    await save(first.id, user);
    expect(await saved(user)).toEqual([first.id, second.id]);
    const among = await world.call(saveRpc.savedAmong, { userId: user, ids: [first.id, newId(), second.id] });
    expect(among.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect(await world.call(saveRpc.savedAmong, { userId: bo, ids: [first.id] })).toEqual([]);
    for (let times = 0; times < 3; times++) await unsave(second.id, user);
    expect(await saveCount(second)).toBe(0);
    expect(await saved(user)).toEqual([first.id]);
  });

  it('are counted exactly under any interleaving of saves and unsaves, also while they are aggregated', async () => {
    const post = await world.post(ann);
    const users = newUserIds(5);
    const place = await Promise.all(users.map((user) => collect(user)));
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const [user, { id }] = [users[i % 5]!, place[i % 5]!];
        return i % 3 === 0 ? unsave(post.id, user) : save(post.id, user, i % 2 === 0 ? id : undefined);
      }),
    );
    const edges = await world.db.query('select 1 from saved_post where post_id = $1', [post.id]);
    expect(await saveCount(post)).toBe(edges.length);
    const loose = await world.db.query(
      `select 1 from collection_post c where post_id = $1
         and not exists (select from saved_post where post_id = c.post_id and user_id = c.owner_id)`,
      [post.id],
    );
    expect(loose).toEqual([]);
  });

  it(`are at most ${MAX_SAVES}, also where the last two are saved at once`, async () => {
    const [user] = newUserIds(1) as [string];
    const posts = [await world.post(ann), await world.post(ann)];
    await world.db.query(
      `insert into saved_post (user_id, post_id, created_at)
       select $1, gen_random_uuid(), now() - n * interval '1 second' from generate_series(1, $2::integer) n`,
      [user, MAX_SAVES - 1],
    );
    const made = await Promise.allSettled(posts.map(({ id }) => save(id, user)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [kept] = (await saved(user)) as [string];
    const other = posts.find(({ id }) => id !== kept)!.id;
    await expect(save(other, user)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'SAVE_LIMIT' } });
    // What is saved is saved, and makes room when it is taken back.
    await save(kept, user);
    await unsave(kept, user);
    await save(other, user);
    expect(await saved(user)).toEqual([other]);
    await unsave(other, user);
    await world.db.query('delete from saved_post where user_id = $1', [user]);
  });

  it('answer a used idempotency key with the stored response', async () => {
    const post = await world.post(ann);
    const options = { idempotencyKey: newId() };
    const first = await world.call(saveRpc.save, { postId: post.id, userId: bo }, options);
    await unsave(post.id, bo);
    expect(await world.call(saveRpc.save, { postId: post.id, userId: bo }, options)).toEqual(first);
    expect(await saved(bo)).not.toContain(post.id);
  });

  it('are posts that the user may see, and leave the lists while the user may not', async () => {
    const [author, user] = newUserIds(2) as [string, string];
    const { id } = await collect(user);
    const kept = await world.post(author);
    const hidden = await world.post(author, { audience: 'FOLLOWERS' });
    await expect(save(hidden.id, user)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await save(kept.id, user, id);
    const seen = async () => [await saved(user), await collected(user, id)];
    for (const [hide, show] of [
      [() => block(world, user, author), () => block(world, user, author, false)],
      [() => setAccount(world, author, { hidden: true }), () => setAccount(world, author, {})],
      [() => setAccount(world, author, { isPrivate: true }), () => relate(world, user, author, { follows: true })],
    ] as const) {
      await hide();
      expect(await seen()).toEqual([[], []]);
      await expect(save(kept.id, user)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await show();
      expect(await seen()).toEqual([[kept.id], [kept.id]]);
    }
    await world.call(postRpc.delete, { id: kept.id, userId: author });
    expect(await seen()).toEqual([[], []]);
  });

  it('are paged without a repeat or a gap while others are saved and taken back, and take no cursor of a list in another order', async () => {
    const [user] = newUserIds(1) as [string];
    const { id } = await collect(user);
    const posts = await Promise.all(Array.from({ length: 9 }, () => world.post(ann)));
    for (const post of posts) await save(post.id, user, id);
    const expected = posts.map((post) => post.id).reverse();
    const page = (after?: string) =>
      world.call(collectionRpc.posts, { userId: user, collectionId: id, first: 2, after });
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const { edges, hasNextPage } = await page(after);
      seen.push(...edges.map(({ node }) => node.id));
      await save((await world.post(ann)).id, user, id);
      if (!hasNextPage) break;
      after = edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(expected);
    const elsewhere = (input: Partial<Input<typeof saveRpc.savedPosts>>) =>
      world.call(saveRpc.savedPosts, { userId: user, ...input });
    await expect(elsewhere({ after: encodeSequence(1) })).rejects.toMatchObject({ details: { reason: 'BAD_CURSOR' } });
    for (const first of [-1, 101, 1e9])
      await expect(elsewhere({ first })).rejects.toMatchObject({ details: { path: ['first'] } });
  });

  describe('in collections', () => {
    it('are named, renamed and deleted by their owner alone, and stay saved', async () => {
      const post = await world.post(ann);
      const { id } = await collect(bo, ' City\n trips ');
      expect(await world.call(collectionRpc.byIds, { userId: bo, ids: [id] })).toMatchObject([{ name: 'City trips' }]);
      expect(await world.call(collectionRpc.byIds, { userId: cy, ids: [id] })).toEqual([]);
      expect(await world.call(collectionRpc.postCounts, { userId: cy, ids: [id] })).toEqual([]);
      for (const stranger of [
        () => world.call(collectionRpc.rename, { id, userId: cy, name: 'Mine' }),
        () => world.call(collectionRpc.posts, { collectionId: id, userId: cy }),
        () => save(post.id, cy, id),
        () => unsave(post.id, cy, id),
      ])
        await expect(stranger()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await saved(cy)).toEqual([]);
      expect(await world.call(collectionRpc.rename, { id, userId: bo, name: 'Trips' })).toMatchObject({
        id,
        name: 'Trips',
      });
      await save(post.id, bo, id);
      await world.call(collectionRpc.delete, { id, userId: cy });
      expect(await collected(bo, id)).toEqual([post.id]);
      for (let times = 0; times < 2; times++) await world.call(collectionRpc.delete, { id, userId: bo });
      await expect(collected(bo, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await saved(bo)).toContain(post.id);
      expect(await world.db.query('select 1 from collection_post where collection_id = $1', [id])).toEqual([]);
    });

    it('can be in several, leave one of them, and leave all with what is saved', async () => {
      const [user] = newUserIds(1) as [string];
      const post = await world.post(ann);
      const [one, other] = [await collect(user), await collect(user)];
      for (const { id } of [one, other, one]) await save(post.id, user, id);
      const counts = async () => {
        const ids = [one.id, other.id];
        const found = await world.call(collectionRpc.postCounts, { userId: user, ids });
        return ids.map((id) => found.find((count) => count.id === id)!.postCount);
      };
      expect(await counts()).toEqual([1, 1]);
      await unsave(post.id, user, one.id);
      expect(await counts()).toEqual([0, 1]);
      expect(await saved(user)).toEqual([post.id]);
      await unsave(post.id, user);
      expect(await counts()).toEqual([0, 0]);
      expect(await saved(user)).toEqual([]);
    });

    it('take nothing in that comes while they are deleted', async () => {
      const [user] = newUserIds(1) as [string];
      const post = await world.post(ann);
      const { id } = await collect(user);
      let outcome: Promise<unknown> = Promise.resolve();
      let isOver = false;
      await world.db.transaction(async (tx) => {
        await tx.query('delete from collection where id = $1', [id]);
        outcome = save(post.id, user, id)
          .catch((error: unknown) => error)
          .finally(() => (isOver = true));
        await eventually(async () => isOver || (await waitsForCollection()));
      });
      expect(await outcome).toMatchObject({ code: 'NOT_FOUND', details: { path: ['collectionId'] } });
      expect(await world.db.query('select 1 from collection_post where collection_id = $1', [id])).toEqual([]);
    });

    const waitsForCollection = async () =>
      (
        await world.db.query(
          `select from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%from collection where%'`,
        )
      ).length > 0;

    it(`are at most ${MAX_COLLECTIONS}, listed newest first`, async () => {
      const [user] = newUserIds(1) as [string];
      await world.db.query(
        `insert into collection (id, owner_id, name, created_at)
         select gen_random_uuid(), $1, 'c' || n, now() - n * interval '1 second' from generate_series(1, $2::integer) n`,
        [user, MAX_COLLECTIONS - 1],
      );
      const last = await collect(user, 'last');
      const { edges } = await world.call(collectionRpc.list, { userId: user, first: 3 });
      expect(edges.map(({ node }) => node.name)).toEqual(['last', 'c1', 'c2']);
      await expect(collect(user)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'COLLECTION_LIMIT' } });
      await world.call(collectionRpc.delete, { id: last.id, userId: user });
      const made = await Promise.allSettled([collect(user), collect(user)]);
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('have a name that can be stored, seen, and is short', async () => {
      for (const name of ['', ' \u200b ', 'a\0b', '\ud800', 'x'.repeat(61), 'x'.repeat(1_000_000)])
        await expect(collect(bo, name)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['name'] } });
      expect(await collect(bo, "'; drop table collection; --%_\\")).toMatchObject({
        name: "'; drop table collection; --%_\\",
      });
    });
  });

  it('go with the account that has saved them, and with the account whose posts they are', async () => {
    const [user, author] = newUserIds(2) as [string, string];
    const [kept, gone] = [await world.post(ann), await world.post(author)];
    const [mine, others] = [await collect(user), await collect(bo)];
    for (const post of [kept, gone]) await save(post.id, user, mine.id);
    await save(gone.id, bo, others.id);
    for (const id of [user, author]) {
      await world.changeAccount(id, 'DELETED');
      await requestErasure(world, id);
      await untilErased(world, id);
      expect(await tablesNaming(world, id)).toEqual(['erased_user']);
    }
    expect(await saveCount(kept)).toBe(0);
    expect(await collected(bo, others.id)).toEqual([]);
    for (const table of ['saved_post', 'collection_post'])
      expect(await world.db.query(`select 1 from ${table} where post_id = $1`, [gone.id])).toEqual([]);
    expect(await wrongCounts(world)).toEqual([]);
  });
});
