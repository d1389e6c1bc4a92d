import { postRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { StoredMessagesRepository } from '@fowergram/erasure';
import { eventually } from '@fowergram/testing';
import { UserErasureService } from '../src/erasure/user-erasure.service.js';
import { listenForDeletions, requestErasure, tablesNaming, untilErased, wrongCounts } from './erasure-kit.js';
import { oldPosts } from './feed-oracle.js';
import { newUserIds, openWorld, type World } from './world.js';

/** Those of this database only: other tests share the server. */
const WAITING_FOR_LOCKS = `
  select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;

describe('an erasure while others write, and the user too', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
    await world.addReplica();
  });

  afterAll(() => world?.close());

  /** What one replica does at its turn. */
  const erasedHere = (userId: string) => world.app.get(UserErasureService).erase(userId, new AbortController().signal);

  it.each([1, 2, 3])('leaves nothing of what is written at the same moment, and every count right (%i)', async () => {
    const [gone, ann, bo] = newUserIds(3) as [string, string, string];
    const posts = [await world.post(gone), await world.post(ann), await world.post(ann)].map((post) => post.id);
    let writing = true;
    const some = <T>(items: T[]): T => items[Math.floor(Math.random() * items.length)]!;
    const write = async (userId: string): Promise<void> => {
      const options = Math.random() < 0.5 ? { idempotencyKey: `${userId}:${newId()}:x` } : {};
      const postId = some(posts);
      const writes = [
        () =>
          world
            .call(postRpc.create, { authorId: userId, caption: 'x', mediaIds: [world.media.add(userId)] }, options)
            .then((post) => void posts.push(post.id)),
        () => world.call(postRpc.like, { postId, userId }, options),
        () => world.call(postRpc.unlike, { postId, userId }, options),
        () => world.call(postRpc.createComment, { postId, authorId: userId, text: 'x' }, options),
        async () => {
          const comment = some((await world.call(postRpc.comments, { postId })).edges)?.node;
          if (comment) await world.call(postRpc.deleteComment, { id: comment.id, userId }, options);
        },
        () => (Math.random() < 0.2 ? world.call(postRpc.delete, { id: postId, userId }, options) : world.feed(userId)),
      ];
      await some<() => Promise<unknown>>(writes)();
    };
    const unexpected: unknown[] = [];
    const writers = [gone, gone, gone, gone, ann, ann, bo, bo].map(async (userId) => {
      while (writing) {
        await write(userId).catch((error: { code?: string }) => {
          if (!['NOT_FOUND', 'FORBIDDEN'].includes(error.code ?? '')) unexpected.push(error);
        });
      }
    });
    await eventually(() => posts.length > 20);
    await requestErasure(world, gone);
    await untilErased(world, gone);
    const left = await tablesNaming(world, gone);
    writing = false;
    await Promise.all(writers);
    expect([left, await tablesNaming(world, gone)]).toEqual([['erased_user'], ['erased_user']]);
    expect(unexpected).toEqual([]);
    await world.untilIdle();
    expect(await wrongCounts(world)).toEqual([]);
  });

  it('waits for a transaction that had begun to write, and removes what it wrote', async () => {
    const [gone] = newUserIds(1) as [string];
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      expect((await session.query('select may_write($1)', [gone])).rows).toEqual([{ may_write: true }]);
      await world.messaging.publish(userEvent.accountDeleted, { userId: gone });
      await eventually(async () => (await world.db.query(WAITING_FOR_LOCKS)).length > 0);
      expect(await tablesNaming(world, gone)).toEqual([]);
      await session.query(
        `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at) values ($1, $2, '', '{}', '{}', false, $1, now())`,
        [newId(), gone],
      );
      expect(world.users.erased).not.toContain(gone);
      await session.query('commit');
    } finally {
      session.release();
    }
    await untilErased(world, gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
  });

  it('is seen by a statement that began before its request and waited for it', async () => {
    const [gone] = newUserIds(1) as [string];
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      await session.query(`select pg_advisory_xact_lock(hashtextextended('person:' || $1, 0))`, [gone]);
      await session.query('insert into erased_user (user_id) values ($1)', [gone]);
      const refused = expect(world.post(gone)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        details: { reason: 'ACCOUNT_DELETED' },
      });
      await eventually(async () => (await world.db.query(WAITING_FOR_LOCKS)).length > 0);
      await session.query('commit');
      await refused;
    } finally {
      session.release();
    }
    await untilErased(world, gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
  });

  it('removes no message while another replica works on it, which may have more to publish', async () => {
    const [gone] = newUserIds(1) as [string];
    const id = newId();
    await world.db.query(
      `insert into outbox (id, subject, payload, published_at) values ($1, 'evt.nobody.asks', $2, now())`,
      [id, { userId: gone }],
    );
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      await session.query('insert into erased_user (user_id) values ($1)', [gone]);
      expect(await erasedHere(gone)).toBe(false);
      expect(await tablesNaming(world, gone)).toEqual(['outbox']);
      await session.query('commit');
    } finally {
      session.release();
    }
    await untilErased(world, gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
  });

  it('is not over while another transaction holds a row of the user, which may stay after all', async () => {
    const [gone, ann] = newUserIds(2) as [string, string];
    const post = await world.post(ann);
    await world.call(postRpc.like, { postId: post.id, userId: gone });
    await world.untilIdle();
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      await session.query('select from post_like where user_id = $1 for update', [gone]);
      await requestErasure(world, gone);
      expect(await erasedHere(gone)).toBe(false);
      expect(world.users.erased).not.toContain(gone);
    } finally {
      await session.query('rollback');
      session.release();
    }
    await untilErased(world, gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
    expect(await wrongCounts(world)).toEqual([]);
  });

  it('removes no message that is not published', async () => {
    const [gone] = newUserIds(1) as [string];
    const id = newId();
    // No stream takes it, so it stays as it is.
    await world.db.query(`insert into outbox (id, subject, payload) values ($1, 'nobody.takes.this', $2)`, [
      id,
      { userId: gone },
    ]);
    await world.app.get(StoredMessagesRepository).purgeMessages(gone);
    expect(await tablesNaming(world, gone)).toEqual(['outbox']);
    await world.db.query('delete from outbox where id = $1', [id]);
  });

  it('ends beside another one of a user who liked and commented the same posts, and each other', async () => {
    const deletions = await listenForDeletions(world);
    const [ann, bo, carl] = newUserIds(3) as [string, string, string];
    await oldPosts(world, [ann, bo, carl], 600);
    for (const userId of [ann, bo, carl]) {
      await world.db.query('insert into post_like select id, $1, now() from post where author_id = any($2)', [
        userId,
        [ann, bo, carl],
      ]);
      await world.db.query(
        `insert into comment select gen_random_uuid(), id, $1, 'hi', now(), null from post where author_id = any($2)`,
        [userId, [ann, bo, carl]],
      );
    }
    await world.db.query(
      'insert into post_counter_delta (post_id, likes, comments) select id, 3, 3 from post where author_id = any($1)',
      [[ann, bo, carl]],
    );
    await Promise.all([ann, bo].map((userId) => requestErasure(world, userId)));
    await Promise.all([ann, bo].map((userId) => untilErased(world, userId)));
    expect([await tablesNaming(world, ann), await tablesNaming(world, bo)]).toEqual([['erased_user'], ['erased_user']]);
    expect(await wrongCounts(world)).toEqual([]);
    const ofCarl = await world.db.query('select from post where author_id = $1', [carl]);
    await eventually(() =>
      expect(deletions.unliked.filter((fact) => fact.authorId === carl)).toHaveLength(2 * ofCarl.length),
    );
    const strays = (table: string, userId: string) =>
      world.db.query(
        `select e.post_id from ${table} e left join post p on p.id = e.post_id where p.id is null or (p.author_id = $1 and e.${userId} <> $1)`,
        [carl],
      );
    expect([await strays('post_like', 'user_id'), await strays('comment', 'author_id')]).toEqual([[], []]);
  });
});
