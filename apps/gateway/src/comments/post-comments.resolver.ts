import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import type { ConnectionOf } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { parseId } from '../api/schema/global-id.js';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { PostType } from '../posts/posts.types.js';
import { presentComments } from './comments.presenter.js';
import { CommentConnection, CommentPageArgs, CommentType } from './comments.types.js';
import { findComments } from './find-comments.js';

/** What a post shows of its comments, and what its author decides about them. */
@Resolver(() => PostType)
export class PostCommentsResolver {
  @Mutation(() => PostType, {
    description:
      'Shows a comment above all others of a post of your own, in place of the one that was. A reply is BAD_USER_INPUT (IS_A_REPLY).',
  })
  pinComment(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A comment on a post of your own; any other is NOT_FOUND.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postRpc.pinComment, { id: parseId('comment', id, ['id']), userId });
  }

  @Mutation(() => PostType, {
    description: 'Shows the comment among the others again; where it is not pinned, nothing happens.',
  })
  unpinComment(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A comment on a post of your own; any other is NOT_FOUND.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postRpc.unpinComment, { id: parseId('comment', id, ['id']), userId });
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description:
      'The comment that its author shows above all others, which the list has in its place as well; null when there is none.',
  })
  pinnedComment(
    { pinnedCommentId }: Post,
    _args: unknown,
    context: RequestContext,
  ): Comment | null | Promise<Comment | null> {
    return pinnedCommentId === undefined ? null : context.loaders.comments.get(pinnedCommentId);
  }

  @ResolveField(() => CommentConnection, {
    description:
      'What was said about it, newest first unless you choose another order; replies hang under what they answer.',
  })
  @FieldArgs(CommentPageArgs)
  async comments(
    post: Post,
    args: CommentPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Comment>> {
    context.loaders.posts.prime(post);
    return presentComments(await findComments(post, args, context), args, context, info);
  }
}
