import type { Comment, Post } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { findComment } from '../comments/find-comments.js';

/** The post with this id that the viewer sees; moderators also see one that was reported or hidden. */
export async function lookUpPost(id: string, context: RequestContext): Promise<Post | null> {
  return (await context.loaders.posts.get(id)) ?? asModerator(context)?.moderatedPosts.get(id) ?? null;
}

/** The same for a comment. */
export async function lookUpComment(id: string, context: RequestContext): Promise<Comment | null> {
  return (await findComment(id, context)) ?? asModerator(context)?.moderatedComments.get(id) ?? null;
}

const asModerator = ({ session, loaders }: RequestContext) =>
  session && session.role !== 'USER' ? loaders : undefined;
