import { AppError } from '@fowergram/contracts-core';
import { postEvent, postRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { PostsErasure } from '../src/posts/posts.erasure.js';
import { listenForDeletions, requestErasure, tablesNaming, untilErased, wrongCounts } from './erasure-kit.js';
import { interruptedErasureTests } from './erasure/interrupted-erasures.js';
import { oracle } from './feed-oracle.js';
import { newUserIds, openWorld, redisIsThere, type World } from './world.js';

describe('the erasure of a deleted account', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const erase = async (userId: string) => {
    await requestErasure(world, userId);
    await untilErased(world, userId);
  };
  const byIds = (...ids: string[]) => world.call(postRpc.byIds, { ids, viewerId: null });

  /** Gone has posts, one of them deleted, with likes and comments of others; and has liked and commented, also with idempotency keys. */
  async function scene() {
    const [gone, ann, bo] = newUserIds(3) as [string, string, string];
    const key = () => ({ idempotencyKey: `${gone}:${newId()}:x` });
    world.users.follow(ann, gone);
    world.users.follow(gone, ann);
    const own = [await world.post(gone, { caption: 'secret' }), await world.post(gone), await world.post(gone)];
    const [ofAnn, deletedOfAnn] = [await world.post(ann), await world.post(ann)];
    for (const userId of [gone, ann, bo]) {
      for (const post of [...own, ofAnn, deletedOfAnn]) {
        await world.call(
          postRpc.like,
          { postId: post.id, userId },
          userId === gone ? key() : { idempotencyKey: newId() },
        );
        await world.call(
          postRpc.createComment,
          { postId: post.id, authorId: userId, text: 'hi' },
          userId === gone ? key() : {},
        );
      }
    }
    const commentId = (
      await world.call(postRpc.createComment, { postId: ofAnn.id, authorId: gone, text: 'taken back' })
    ).id;
    await world.call(postRpc.deleteComment, { id: commentId, userId: gone }, key());
    await world.call(postRpc.unlike, { postId: ofAnn.id, userId: ann });
    await world.call(postRpc.delete, { id: own[2]!.id, userId: gone }, key());
    await world.call(postRpc.delete, { id: deletedOfAnn.id, userId: ann });
    await Promise.all([world.feed(gone), world.feed(ann)]);
    await world.changeAccount(gone, 'DELETED');
    return { gone, ann, bo, own, ofAnn };
  }

  interruptedErasureTests(() => world, scene);

  it('leaves no row that names the user but the one that says so, nor a key in Redis', async () => {
    const { gone } = await scene();
    expect(await tablesNaming(world, gone)).toEqual(
      expect.arrayContaining(['comment', 'hidden_account', 'idempotency_key', 'outbox', 'post', 'post_like']),
    );
    expect(await world.redis.client.keys(`*${gone}*`)).not.toEqual([]);
    await erase(gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
    expect(await world.redis.client.keys(`*${gone}*`)).toEqual([]);
    expect(world.users.erased.filter((id) => id === gone)).toHaveLength(1);
  });

  it('removes their posts with the likes and comments of them, and leaves what others have', async () => {
    const { gone, ann, bo, own, ofAnn } = await scene();
    await erase(gone);
    expect(await byIds(...own.map((post) => post.id))).toEqual([]);
    expect(await world.feed(ann)).toEqual([ofAnn.id]);
    expect(await world.feed(ann)).toEqual(await oracle(world, ann));
    const ids = own.map((post) => post.id);
    expect(
      await world.db.query(
        'select 1 from post_like where post_id = any($1) union all select 1 from comment where post_id = any($1)',
        [ids],
      ),
    ).toEqual([]);
    expect(await byIds(ofAnn.id)).toMatchObject([{ likeCount: 1, commentCount: 2 }]);
    expect((await world.call(postRpc.likers, { postId: ofAnn.id })).edges.map((edge) => edge.node)).toEqual([bo]);
    expect((await world.call(postRpc.comments, { postId: ofAnn.id })).edges.map((edge) => edge.node.authorId)).toEqual([
      bo,
      ann,
    ]);
    expect(await wrongCounts(world)).toEqual([]);
    await eventually(
      async () => (await world.db.query('select from post_counter_delta where post_id = any($1)', [ids])).length === 0,
    );
  });

  it('publishes the deletion of every visible post, and of every like and comment on a post that exists, once', async () => {
    const { deleted, unliked, commentDeleted } = await listenForDeletions(world);
    const { gone, ann, own, ofAnn } = await scene();
    const before = { deleted: deleted.length, unliked: unliked.length, commentDeleted: commentDeleted.length };
    const versions = [...(await world.published(postEvent.liked)), ...(await world.published(postEvent.commented))]
      .filter((fact) => fact.postId === ofAnn.id)
      .map((fact) => fact.version);
    await erase(gone);
    expect(
      deleted
        .slice(before.deleted)
        .map((fact) => fact.postId)
        .sort(),
    ).toEqual([own[0]!.id, own[1]!.id].sort());
    expect(unliked.slice(before.unliked)).toEqual([
      { postId: ofAnn.id, authorId: ann, likerId: gone, version: expect.any(Number), at: expect.any(String) },
    ]);
    expect(commentDeleted.slice(before.commentDeleted)).toEqual([
      {
        commentId: expect.any(String),
        postId: ofAnn.id,
        authorId: ann,
        commenterId: gone,
        version: expect.any(Number),
        at: expect.any(String),
      },
    ]);
    for (const fact of [unliked.at(-1)!, commentDeleted.at(-1)!])
      expect(fact.version).toBeGreaterThan(Math.max(...versions));
  });

  it('refuses everything that the user still writes, and stores nothing of it', async () => {
    const { gone, own, ofAnn } = await scene();
    const commentId = (await world.call(postRpc.comments, { postId: ofAnn.id })).edges[0]!.node.id;
    await requestErasure(world, gone);
    const refused = { code: 'FORBIDDEN', details: { reason: 'ACCOUNT_DELETED' } };
    const write = async () => {
      for (const idempotencyKey of [undefined, `${gone}:${newId()}:x`]) {
        const options = idempotencyKey ? { idempotencyKey } : {};
        const create = { authorId: gone, caption: '', mediaIds: [world.media.add(gone)] };
        await expect(world.call(postRpc.create, create, options)).rejects.toMatchObject(refused);
        await expect(world.call(postRpc.delete, { id: own[0]!.id, userId: gone }, options)).rejects.toMatchObject(
          refused,
        );
        await expect(world.call(postRpc.like, { postId: ofAnn.id, userId: gone }, options)).rejects.toMatchObject(
          refused,
        );
        await expect(world.call(postRpc.unlike, { postId: ofAnn.id, userId: gone }, options)).rejects.toMatchObject(
          refused,
        );
        await expect(
          world.call(postRpc.createComment, { postId: ofAnn.id, authorId: gone, text: 'hi' }, options),
        ).rejects.toMatchObject(refused);
        await expect(world.call(postRpc.deleteComment, { id: commentId, userId: gone }, options)).rejects.toMatchObject(
          refused,
        );
      }
    };
    await write();
    await untilErased(world, gone);
    await write();
    await world.feed(gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
    expect(await world.redis.client.keys(`*${gone}*:[fp]o*`)).toEqual([]);
  });

  it('ignores late events of the account, and answers a repeated request with another report', async () => {
    const { gone } = await scene();
    const eventId = newId();
    await world.deliver(userEvent.accountDeleted, { userId: gone }, eventId);
    await untilErased(world, gone);
    await world.changeAccount(gone, 'DEACTIVATED');
    await world.changeAccount(gone, 'ACTIVE');
    expect(world.users.erased.filter((id) => id === gone)).toHaveLength(1);
    await requestErasure(world, gone);
    await eventually(() => world.users.erased.filter((id) => id === gone).length > 1);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
  });

  it('hides the account at once, also without an earlier event that it is DELETED, and in spite of late events', async () => {
    const [gone, ann] = newUserIds(2) as [string, string];
    const post = await world.post(gone);
    const posts = world.app.get(PostsErasure, { strict: false });
    posts.deletePosts = () => Promise.reject(new Error('not now'));
    await requestErasure(world, gone);
    expect(await byIds(post.id)).toEqual([]);
    await world.changeAccount(gone, 'ACTIVE');
    expect(await byIds(post.id)).toEqual([]);
    await expect(world.call(postRpc.like, { postId: post.id, userId: ann })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    Reflect.deleteProperty(posts, 'deletePosts');
    await untilErased(world, gone);
    expect(await tablesNaming(world, gone)).toEqual(['erased_user']);
  });

  it('erases a user who never did anything', async () => {
    const [nobody] = newUserIds(1) as [string];
    await erase(nobody);
    expect(await tablesNaming(world, nobody)).toEqual(['erased_user']);
  });

  it('reports later while the user service is down, and invalidates the cached feed first when Redis is back', async () => {
    const { gone, bo } = await scene();
    await world.redis.kill();
    world.users.failure = new AppError('UNAVAILABLE', 'away');
    await requestErasure(world, gone);
    await eventually(async () =>
      (await tablesNaming(world, gone)).every((table) =>
        ['author_counter', 'erased_user', 'hidden_account'].includes(table),
      ),
    );
    await world.redis.revive();
    await redisIsThere(world.app);
    await eventually(
      async () =>
        (await world.db.query('select from erased_user where user_id = $1 and erased_at is not null', [gone]))
          .length === 1,
    );
    expect(world.users.erased).not.toContain(gone);
    // A user whose erasure cannot end yet delays nobody else.
    await requestErasure(world, bo);
    await eventually(
      async () =>
        (await world.db.query('select from erased_user where user_id = $1 and erased_at is not null', [bo])).length ===
        1,
    );
    world.users.failure = undefined;
    await Promise.all([untilErased(world, gone), untilErased(world, bo)]);
    expect(await wrongCounts(world)).toEqual([]);
  });
});
