import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Media } from '@fowergram/contracts-media';
import { type Post, postRpc } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { type ConnectionOf, pageInput, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { MediaType } from '../media/media.types.js';
import { getUser } from '../users/get-user.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection, UserType } from '../users/users.types.js';
import { PostType } from './posts.types.js';
import { lookUpPost } from './look-up-content.js';

/** Of a post that is deleted while it is read: the post is shown once more, and does not take the page that it is on with it. */
const EMPTY_PAGE = { edges: [], hasNextPage: false };

@Resolver(() => PostType)
export class PostsResolver {
  @Query(() => PostType, {
    nullable: true,
    description: 'The post with this id; null when there is none that you may see.',
  })
  post(
    @Args('id', { type: () => ID, description: 'The id of a post; one of something else is BAD_USER_INPUT.' })
    id: string,
    @Context() context: RequestContext,
  ): Promise<Post | null> {
    return lookUpPost(parseId('post', id, ['id']), context);
  }

  @Mutation(() => PostType, { description: 'Likes a post. Liking twice counts once.' })
  likePost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post that you may see; any other is NOT_FOUND.' }) postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postRpc.like, { postId: parseId('post', postId, ['postId']), userId });
  }

  @Mutation(() => PostType, { description: 'Takes your like back; where there is none, nothing happens.' })
  unlikePost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post that you may see; any other is NOT_FOUND.' }) postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postRpc.unlike, { postId: parseId('post', postId, ['postId']), userId });
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(post: Post): string {
    return globalId('post', post.id);
  }

  @ResolveField(() => UserType, { description: 'Who published it.' })
  author(post: Post, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(post.authorId, context);
  }

  @ResolveField(() => [MediaType], { description: 'The pictures, in the order that the author chose.' })
  media(post: Post, _args: unknown, context: RequestContext): Media[] | Promise<Media[]> {
    return context.loaders.media.many(post.mediaIds);
  }

  @ResolveField(() => UserConnection, { description: 'Who likes it, latest first.' })
  @FieldArgs(TwoWayPageArgs)
  async likedBy(
    post: Post,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await nullIfMissing(context.query(postRpc.likers, inputOf(post, args, context)));
    return presentUsers(page ?? EMPTY_PAGE, args, context, info);
  }
}

const inputOf = (post: Post, args: TwoWayPageArgs, { viewerId }: RequestContext) => ({
  postId: post.id,
  viewerId,
  ...pageInput(args),
});
