import { Args, Context, ID, Info, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MAX_SAVES, type Post, saveRpc } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { parseId } from '../api/schema/global-id.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection, PostType } from '../posts/posts.types.js';

@Resolver(() => PostType)
export class SavesResolver {
  @Query(() => PostConnection, {
    nullable: true,
    description: 'What you have saved, latest save first. What you may not see now is left out, and comes back.',
  })
  async savedPosts(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    return presentPosts(await context.query(saveRpc.savedPosts, { userId, ...pageInput(args) }), args, context, info);
  }

  @Mutation(() => PostType, {
    description: `Saves a post for yourself, and puts it into a collection if you name one. Nobody learns that it was you. ${MAX_SAVES} at most (FORBIDDEN, SAVE_LIMIT).`,
  })
  savePost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post that you may see; any other is NOT_FOUND.' }) postId: string,
    @Args('collectionId', {
      type: () => ID,
      nullable: true,
      description: 'A collection of yours; any other is NOT_FOUND. A post can be in several.',
    })
    collectionId: string | null | undefined,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, saveRpc.save, inputOf(userId, postId, collectionId));
  }

  @Mutation(() => PostType, {
    description:
      'Takes a post out of what you have saved and of all your collections; where it is in none, nothing happens.',
  })
  unsavePost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post that you may see; any other is NOT_FOUND.' }) postId: string,
    @Args('collectionId', {
      type: () => ID,
      nullable: true,
      description: 'A collection of yours: the post then only leaves this one, and stays saved.',
    })
    collectionId: string | null | undefined,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, saveRpc.unsave, inputOf(userId, postId, collectionId));
  }

  @ResolveField(() => Boolean, { description: 'True when you have saved it; false without a session.' })
  viewerHasSaved(post: Post, _args: unknown, context: RequestContext): boolean | Promise<boolean> {
    if (context.viewerId === null) return false;
    return whenKnown(context.loaders.savedPosts.get(post.id), (saved) => saved !== null);
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: 'How many users have saved it, for its author; null for everybody else.',
  })
  saveCount({ authorId, saveCount }: Post, _args: unknown, { viewerId }: RequestContext): number | null {
    return viewerId === authorId ? saveCount : null;
  }
}

const inputOf = (userId: string, postId: string, collectionId: string | null | undefined) => ({
  userId,
  postId: parseId('post', postId, ['postId']),
  collectionId: collectionId == null ? null : parseId('collection', collectionId, ['collectionId']),
});
