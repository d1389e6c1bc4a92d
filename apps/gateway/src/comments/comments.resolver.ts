import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { hashtagsOf, notFound } from '@fowergram/contracts-core';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { whenKnown } from '../api/context/when-known.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { describeHashtags, PostType } from '../posts/posts.types.js';
import { getUser } from '../users/get-user.js';
import { UserType } from '../users/users.types.js';
import { CommentType, CreateCommentInput, DeleteCommentPayload } from './comments.types.js';

interface DeletedComment {
  id: string;
  postId: string;
}

@Resolver(() => CommentType)
export class CommentsResolver {
  @Mutation(() => CommentType, { description: 'Says something about a post that you may see.' })
  createComment(
    @ViewerId() authorId: string,
    @Args('input', { description: 'What to say, and where.' }) { postId, text }: CreateCommentInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Comment> {
    return context.command(
      info,
      postRpc.createComment,
      { authorId, postId: parseId('post', postId, ['input', 'postId']), text },
      inInput,
    );
  }

  @Mutation(() => DeleteCommentPayload, {
    description: 'Deletes a comment of your own, or one under a post of your own. Doing it again is harmless.',
  })
  async deleteComment(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A comment that you may delete; any other is NOT_FOUND.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DeletedComment> {
    const commentId = parseId('comment', id, ['id']);
    const { postId } = await context.command(info, postRpc.deleteComment, { id: commentId, userId });
    return { id: globalId('comment', commentId), postId };
  }

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
    return getPost(comment.postId, context);
  }

  @ResolveField(() => UserType, { description: 'Who said it.' })
  author(comment: Comment, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(comment.authorId, context);
  }
}

@Resolver(() => DeleteCommentPayload)
export class DeleteCommentPayloadResolver {
  @ResolveField(() => PostType, { description: 'The post that it was under, whose commentCount no longer counts it.' })
  post({ postId }: DeletedComment, _args: unknown, context: RequestContext): Post | Promise<Post> {
    return getPost(postId, context);
  }
}

function getPost(postId: string, context: RequestContext): Post | Promise<Post> {
  return whenKnown(context.loaders.posts.get(postId), (post) => {
    if (!post) throw notFound('post');
    return post;
  });
}

/** The comment with this id, when the viewer may see the post that it belongs to. */
export async function findComment(id: string, context: RequestContext): Promise<Comment | null> {
  const comment = await context.loaders.comments.get(id);
  if (!comment || !(await context.loaders.posts.get(comment.postId))) return null;
  return comment;
}
