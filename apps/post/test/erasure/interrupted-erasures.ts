import type { Post } from '@fowergram/contracts-post';
import { StoredMessagesRepository } from '@fowergram/erasure';
import { Outbox } from '@fowergram/outbox';
import { eventually } from '@fowergram/testing';
import { CommentsErasure } from '../../src/comments/comments.erasure.js';
import { CountersErasure } from '../../src/counters/counters.erasure.js';
import { LikesErasure } from '../../src/likes/likes.erasure.js';
import { PostsErasure } from '../../src/posts/posts.erasure.js';
import { listenForDeletions, requestErasure, tablesNaming, untilErased, wrongCounts } from '../erasure-kit.js';
import { oldPosts } from '../feed-oracle.js';
import { newUserIds, type World } from '../world.js';

/** A user who goes, others, and what they all have. */
interface Scene {
  gone: string;
  own: Post[];
  ofAnn: Post;
}

/** What an erasure does that takes long or is cut off. */
export function interruptedErasureTests(world: () => World, scene: () => Promise<Scene>): void {
  it.each([
    ['deletePosts', PostsErasure],
    ['removePosts', PostsErasure],
    ['eraseBatch', CommentsErasure],
    ['eraseBatch', LikesErasure],
    ['addAll', Outbox],
    ['purgeResponses', StoredMessagesRepository],
    ['purgeMessages', StoredMessagesRepository],
    ['close', CountersErasure],
  ] as const)(
    'ends well though the process was killed in the middle of %s, and publishes everything once',
    async (method, token) => {
      const deletions = await listenForDeletions(world());
      const { gone, ofAnn, own } = await scene();
      const repository = world().app.get<Record<string, (...args: unknown[]) => Promise<unknown>>>(token as never);
      const original = repository[method]!.bind(repository);
      let reached = 0;
      // What a killed process leaves: whatever was committed before, and a statement without a commit.
      repository[method] = async (...args) => {
        await original(...args);
        reached += 1;
        throw new Error('killed here');
      };
      await requestErasure(world(), gone);
      await eventually(() => reached > 0);
      await world().restart();
      await untilErased(world(), gone);
      expect(await tablesNaming(world(), gone)).toEqual(['erased_user']);
      expect(await wrongCounts(world())).toEqual([]);
      const of =
        (postIds: string[]) =>
        <Fact extends { postId: string }>(facts: Fact[]) =>
          facts.filter((fact) => postIds.includes(fact.postId));
      expect(of([own[0]!.id, own[1]!.id])(deletions.deleted)).toHaveLength(2);
      expect(of([ofAnn.id])(deletions.unliked).filter((fact) => fact.likerId === gone)).toHaveLength(1);
      // One was taken back before.
      expect(of([ofAnn.id])(deletions.commentDeleted).filter((fact) => fact.commenterId === gone)).toHaveLength(2);
    },
  );

  it('delays nobody else when the user has thousands of likes, comments and posts, and survives a restart in between', async () => {
    const deletions = await listenForDeletions(world());
    const [gone, ann] = newUserIds(2) as [string, string];
    await oldPosts(world(), [ann], 3_000);
    await oldPosts(world(), [gone], 300);
    await world().db.query(`insert into post_like select id, $1, now() from post where author_id = any($2)`, [
      gone,
      [gone, ann],
    ]);
    await world().db.query(
      `insert into post_like select p.id, gen_random_uuid(), now() from post p, generate_series(1, 40) where author_id = $1`,
      [gone],
    );
    await world().db.query(
      `insert into comment select gen_random_uuid(), id, $1, 'hi', now(), null from post where author_id = $2`,
      [gone, ann],
    );
    await world().db.query(
      `insert into post_counter_delta (post_id, likes, comments) select id, 1, 1 from post where author_id = $1`,
      [ann],
    );
    await requestErasure(world(), gone);
    await eventually(() => deletions.deleted.length > 0);
    await world().changeAccount(ann, 'ACTIVE');
    expect(world().users.erased).not.toContain(gone);
    await world().restart();
    await untilErased(world(), gone);
    expect(await tablesNaming(world(), gone)).toEqual(['erased_user']);
    // So much has come and gone that Postgres would count by plans for small tables.
    await world().db.query('analyze');
    expect(await wrongCounts(world())).toEqual([]);
    await eventually(() =>
      expect([deletions.deleted.length, deletions.unliked.length, deletions.commentDeleted.length]).toEqual([
        300, 3_000, 3_000,
      ]),
    );
  });
}
