import { postRpc } from '@fowergram/contracts-post';
import type { World } from '../world.js';
import { patiently } from './scene.js';

/** The ids of a feed, page after page down to its end. */
export async function readFeed(
  { call }: Pick<World, 'call'>,
  viewerId: string,
  first: number,
  takesReferences = true,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await patiently(() => call(postRpc.homeFeed, { viewerId, first, after, takesReferences }));
    const edges = page.references ?? page.edges;
    ids.push(...edges.map(({ node }) => node.id));
    if (!page.hasNextPage) return ids;
    after = page.next ?? edges.at(-1)!.cursor;
  }
}
