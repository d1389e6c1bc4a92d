import { type MetricValueWithName, Registry } from 'prom-client';
import { type Post, postEvent, postLifeRpc, postRpc, type PostState } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { DuePostMetricsService } from '../../src/lifecycle/sweeps/due-post-metrics.service.js';
import type { World } from '../world.js';

export const CONFLICT = (reason: string) => ({ code: 'CONFLICT', details: { reason } });
export const OVERDUE_SINCE = 'update post set due_at = now(), publish_at = now() - $2::interval where id = $1';
export const NOT_FOUND = { code: 'NOT_FOUND', details: { path: ['id'] } };

/** What tests of the life of a post do and look at. */
export function lifeIn(world: () => World) {
  const countOf = async (authorId: string) =>
    (await world().call(postRpc.countsByAuthors, { authorIds: [authorId] }))[0]!.postCount;
  const seenBy = async (viewerId: string | null, id: string): Promise<Post | undefined> =>
    (await world().call(postRpc.byIds, { viewerId, ids: [id] }))[0];
  const own = async (userId: string, state: Exclude<PostState, 'PUBLISHED'>) =>
    (await world().call(postLifeRpc.own, { userId, state })).edges.map(({ node }) => node.id);
  const createdOf = async (id: string) =>
    (await world().published(postEvent.created)).filter(({ postId }) => postId === id);
  const claimOf = async (id: string) =>
    (await world().db.query<{ claim: string }>('select claim_id as claim from post where id = $1', [id]))[0]!.claim;
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  /** What the metrics tell of scheduled posts: how late one is, how many went out, and how late those were in all. */
  const lateness = async () => {
    await world().app.get(DuePostMetricsService).measure();
    const metrics = world().app.get(Registry);
    const overdue = (await metrics.getSingleMetric('scheduled_post_oldest_overdue_seconds')!.get()).values[0]!.value;
    const delays = (await metrics.getSingleMetric('scheduled_post_delay_seconds')!.get())
      .values as MetricValueWithName<never>[];
    const valueOf = (name: string) =>
      delays.find(({ metricName }) => metricName === `scheduled_post_delay_seconds_${name}`)?.value ?? 0;
    return { overdue, count: valueOf('count'), sum: valueOf('sum') };
  };
  const draftOf = (userId: string, extra: object = {}) =>
    world().call(postLifeRpc.saveDraft, { userId, mediaIds: [world().media.add(userId)], ...extra });
  /** A follower whose feed is cached. */
  async function followerOf(authorId: string): Promise<string> {
    const viewer = newId();
    world().users.follow(viewer, authorId);
    await world().feed(viewer);
    return viewer;
  }
  return { countOf, seenBy, own, createdOf, claimOf, inMs, lateness, draftOf, followerOf };
}
