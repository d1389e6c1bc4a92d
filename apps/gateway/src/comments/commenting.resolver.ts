import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import { globalId, parseId } from '../api/schema/global-id.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { PostType } from '../posts/posts.types.js';
import { CommentType, CreateCommentInput, DeleteCommentPayload, UPDATE_DESCRIPTION } from './comments.types.js';
import { getPostOf } from './find-comments.js';

interface DeletedComment {
  id: string;
  commentId: string;
  postId: string;
  topId: string | null;
}

/** What users do with comments. */
@Resolver(() => DeleteCommentPayload)
export class CommentingResolver {
  @Mutation(() => CommentType, {
    description: 'Says something about a post that you may see, or answers what somebody said about it.',
  })
  createComment(
    @ViewerId() authorId: string,
    @Args('input', { description: 'What to say, and where.' }) { postId, text, parentId }: CreateCommentInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Comment> {
    const place = {
      postId: parseId('post', postId, ['input', 'postId']),
      parentId: parentId == null ? null : parseId('comment', parentId, ['input', 'parentId']),
    };
    return context.command(info, postRpc.createComment, { authorId, text, ...place }, inInput);
  }

  @Mutation(() => CommentType, { description: UPDATE_DESCRIPTION })
  updateComment(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A comment of your own; any other is NOT_FOUND.' }) id: string,
    @Args('text', { description: 'What you say instead, by the rules of createComment.' }) text: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Comment> {
    return context.command(info, postRpc.updateComment, { id: parseId('comment', id, ['id']), userId, text });
  }

  @Mutation(() => DeleteCommentPayload, {
    description:
      'Deletes a comment of your own, or one under a post of your own. Where others have answered it, a placeholder stays. Doing it again is harmless.',
  })
  async deleteComment(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A comment that you may delete; any other is NOT_FOUND.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DeletedComment> {
    const commentId = parseId('comment', id, ['id']);
    const { postId, topId } = await context.command(info, postRpc.deleteComment, { id: commentId, userId });
    return { id: globalId('comment', commentId), commentId, postId, topId: topId ?? null };
  }

  @Mutation(() => CommentType, { description: 'Likes a comment. Liking twice counts once.' })
  likeComment(
    @ViewerId() userId: string,
    @Args('commentId', { type: () => ID, description: 'A comment that you may see; any other is NOT_FOUND.' })
    commentId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Comment> {
    return context.command(info, postRpc.likeComment, {
      commentId: parseId('comment', commentId, ['commentId']),
      userId,
    });
  }

  @Mutation(() => CommentType, {
    description: 'Takes your like of a comment back; where there is none, nothing happens.',
  })
  unlikeComment(
    @ViewerId() userId: string,
    @Args('commentId', { type: () => ID, description: 'A comment that you may see; any other is NOT_FOUND.' })
    commentId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Comment> {
    return context.command(info, postRpc.unlikeComment, {
      commentId: parseId('comment', commentId, ['commentId']),
      userId,
    });
  }

  @ResolveField(() => PostType, { description: 'The post that it was under, whose commentCount no longer counts it.' })
  post(deleted: DeletedComment, _args: unknown, context: RequestContext): Post | Promise<Post> {
    return getPostOf(deleted, context);
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description: 'What stays in its place, without its text, because others have answered it; null when nothing does.',
  })
  placeholder(
    { commentId }: DeletedComment,
    _args: unknown,
    context: RequestContext,
  ): Comment | null | Promise<Comment | null> {
    return context.loaders.comments.get(commentId);
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description: 'The comment that it hung under, whose replyCount no longer counts it; null when it was no reply.',
  })
  top({ topId }: DeletedComment, _args: unknown, context: RequestContext): Comment | null | Promise<Comment | null> {
    return topId === null ? null : context.loaders.comments.get(topId);
  }
}
