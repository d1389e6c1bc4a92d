import type { Output, Page } from '@fowergram/contracts-core';
import { type Post, type PostReference, postRpc } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';

const isReference = (node: Post | PostReference): node is PostReference => 'revision' in node;

/**
 * A page of the feed in whole posts: of references what this process holds, or asks for now. Undefined where a post has changed since the
 * page was read, so that nobody is shown what they could not see when they asked.
 */
export async function withRevisions(
  { references, ...page }: Output<typeof postRpc.homeFeed>,
  context: RequestContext,
): Promise<Page<Post> | undefined> {
  if (!references) return page;
  const revisions = await revisionsOf(
    references.map(({ node }) => node).filter((node) => isReference(node)),
    context,
  );
  const edges: Page<Post>['edges'] = [];
  for (const { cursor, node } of references) {
    const post = isReference(node) ? withCounts(revisions.get(node.id), node, context) : node;
    if (!post) return undefined;
    edges.push({ cursor, node: post });
  }
  return { ...page, edges };
}

async function revisionsOf(references: PostReference[], context: RequestContext): Promise<Map<string, Post>> {
  const cache = context.shared.postRevisions;
  const found = new Map<string, Post>();
  const missing: Pick<PostReference, 'id' | 'revision'>[] = [];
  for (const { id, revision } of references) {
    const post = cache.get({ id, revision });
    if (post) found.set(id, post);
    else missing.push({ id, revision });
  }
  if (missing.length === 0) return found;
  for (const revision of await context.ask(postRpc.revisions, { references: missing })) {
    cache.store(revision);
    found.set(revision.post.id, revision.post);
  }
  return found;
}

/** What a post of a reference says beside what is held of it. */
export const COUNTED: ReadonlySet<string> = new Set(['likeCount', 'commentCount', 'viewerHasLiked']);

/** Where a post of an operation that writes what it reads has what is held of it, which is the same for everybody and never changed. */
export const HELD = Symbol('held');

/** The post as this reading has it. */
function withCounts(
  post: Post | undefined,
  { likeCount, commentCount, viewerHasLiked }: PostReference,
  { readings }: RequestContext,
): Post | undefined {
  if (!post) return undefined;
  const shown: Post & { [HELD]?: Post } = { ...post, likeCount, commentCount, viewerHasLiked };
  // The engine has no use for it, and it is dear to add.
  if (readings) shown[HELD] = post;
  return shown;
}
