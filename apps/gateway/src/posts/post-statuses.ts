import type { Input, Rpc } from '@fowergram/contracts-core';
import { type Post, postRpc, type PostStatus, repostRpc, saveRpc, tagRpc } from '@fowergram/contracts-post';
import type { Reading } from '../api/context/readings.js';
import type { RequestContext } from '../api/context/request-context.js';

/** Of a usual post without tags the status says all that these say of it. */
const COVERED: ReadonlySet<Rpc> = new Set<Rpc>([
  postRpc.byIds,
  saveRpc.savedAmong,
  repostRpc.repostedAmong,
  tagRpc.ofPosts,
]);

const idsOf = (input: Input<Rpc>): string[] => (input as { ids: string[] }).ids;

/** True for a question that the status of the one post answers as well. */
export const isCovered = (id: string, { contract, input }: Reading): boolean =>
  COVERED.has(contract) && idsOf(input).every((asked) => asked === id);

/** The one post that is asked for among these questions. */
export function postIn(readings: readonly Reading[]): string | undefined {
  const ids = readings.flatMap(({ contract, input }) => (contract === postRpc.byIds ? idsOf(input) : []));
  return ids.length === 1 ? ids[0] : undefined;
}

/** How a post stands for the viewer; undefined where that is not all that is to be said of it. */
export async function statusOf(id: string, context: RequestContext): Promise<PostStatus | undefined> {
  const [status] = await context.ask(postRpc.statuses, { viewerId: context.viewerId, ids: [id] });
  return status;
}

/** True where the answers to these questions say of the post what its status says. */
export async function saysSame(
  status: PostStatus,
  readings: readonly Reading[],
  context: RequestContext,
): Promise<boolean> {
  const answers = await Promise.all(
    readings
      .filter((reading) => isCovered(status.id, reading))
      .map(async ({ contract, input }) => ({
        contract,
        found: (await context.ask(contract, input)) as unknown[],
      })),
  );
  return answers.every(({ contract, found }) => {
    if (contract === saveRpc.savedAmong) return found.length > 0 === status.viewerHasSaved;
    if (contract === repostRpc.repostedAmong) return found.length > 0 === status.viewerHasReposted;
    if (contract === tagRpc.ofPosts) return found.length === 0;
    const [post] = found as Post[];
    const { likeCount, commentCount, viewerHasLiked } = status;
    return (
      post?.likeCount === likeCount && post.commentCount === commentCount && post.viewerHasLiked === viewerHasLiked
    );
  });
}
