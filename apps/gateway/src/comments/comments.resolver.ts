import { ID, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { hashtagsOf } from '@fowergram/contracts-core';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import type { RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, pageInput, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { describeHashtags, PostType } from '../posts/posts.types.js';
import { getUser } from '../users/get-user.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection, UserType } from '../users/users.types.js';
import { presentComments } from './comments.presenter.js';
import { CommentConnection, CommentType } from './comments.types.js';
import { findReplies, getPostOf } from './find-comments.js';

@Resolver(() => CommentType)
export class CommentsResolver {
  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(comment: Comment): string {
    return globalId('comment', comment.id);
  }

  @ResolveField(() => [String], { description: describeHashtags('text') })
  hashtags(comment: Comment): string[] {
    return hashtagsOf(comment.text);
  }

  @ResolveField(() => PostType, { description: 'The post that it stands under.' })
  post(comment: Comment, _args: unknown, context: RequestContext): Post | Promise<Post> {
    return getPostOf(comment, context);
  }

  @ResolveField(() => UserType, { description: 'Who said it, also once it is deleted.' })
  author(comment: Comment, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(comment.authorId, context);
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description: 'The comment that it answers; null when it answers none, or one that is gone or not for you to see.',
  })
  parent({ parentId }: Comment, _args: unknown, context: RequestContext): Comment | null | Promise<Comment | null> {
    return parentId === null ? null : context.loaders.comments.get(parentId);
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description: 'The comment that it hangs under, whose replyCount counts it; null when it answers none.',
  })
  top({ topId }: Comment, _args: unknown, context: RequestContext): Comment | null | Promise<Comment | null> {
    return topId === null ? null : context.loaders.comments.get(topId);
  }

  @ResolveField(() => CommentConnection, {
    description:
      'The replies that hang under it, oldest first, answers to replies among them. A reply has none of its own.',
  })
  @FieldArgs(TwoWayPageArgs)
  async replies(
    comment: Comment,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Comment>> {
    context.loaders.comments.prime(comment);
    return presentComments(await findReplies(comment, args, context), args, context, info);
  }

  @ResolveField(() => UserConnection, { description: 'Who likes it, latest first.' })
  @FieldArgs(TwoWayPageArgs)
  async likedBy(
    { id: commentId }: Comment,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const input = { commentId, viewerId: context.viewerId, ...pageInput(args) };
    const page = await nullIfMissing(context.query(postRpc.commentLikers, input));
    return presentUsers(page ?? { edges: [], hasNextPage: false }, args, context, info);
  }
}
