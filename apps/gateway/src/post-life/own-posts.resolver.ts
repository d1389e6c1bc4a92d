import { Args, Context, Info, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Post, postLifeRpc, type PostState } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection, PostType } from '../posts/posts.types.js';
import { UserType } from '../users/users.types.js';

@Resolver(() => UserType)
export class OwnPostsResolver {
  @Query(() => PostConnection, { nullable: true, description: 'Your posts that are not published yet, newest first.' })
  drafts(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    return ownPosts('DRAFT', userId, args, context, info);
  }

  @Query(() => PostConnection, {
    nullable: true,
    description: 'Your posts that will be published by themselves, newest first.',
  })
  scheduledPosts(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    return ownPosts('SCHEDULED', userId, args, context, info);
  }

  @Query(() => PostConnection, { nullable: true, description: 'Your posts that you have archived, newest first.' })
  archivedPosts(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    return ownPosts('ARCHIVED', userId, args, context, info);
  }

  @Query(() => PostConnection, {
    nullable: true,
    description: 'Your posts that you have deleted and can still restore, newest first. No other query finds them.',
  })
  deletedPosts(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    return ownPosts('DELETED', userId, args, context, info);
  }

  @ResolveField(() => [PostType], {
    description: 'Up to three posts that the user has put at the top, those that you may see, latest pin first.',
  })
  pinnedPosts(user: Profile, _args: unknown, context: RequestContext): Post[] | Promise<Post[]> {
    return whenKnown(context.loaders.pinnedPosts.get(user.id), (found) => found?.posts ?? []);
  }
}

async function ownPosts(
  state: Exclude<PostState, 'PUBLISHED'>,
  userId: string,
  args: PageArgs,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionOf<Post>> {
  const page = await context.query(postLifeRpc.own, { userId, state, ...pageInput(args) });
  return presentPosts(page, args, context, info);
}
