import { Args, Context, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { EXPLORE_DAYS, MAX_POST_SEARCH_LENGTH, type Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection } from '../posts/posts.types.js';

@Resolver()
export class PostDiscoveryResolver {
  @Query(() => PostConnection, {
    nullable: true,
    description: `Posts of the last ${EXPLORE_DAYS} days by others, the recent and popular ones first, and never two of one author in a row. Without muted words and those whom you have muted.`,
  })
  async explore(
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const page = await context.query(postDiscoveryRpc.explore, { viewerId: context.viewerId, ...pageInput(args) });
    return presentPosts(page, args, context, info);
  }

  @Query(() => PostConnection, {
    nullable: true,
    description:
      'Posts whose captions have all of these words, newest first; where there are few, also such with similar words. Case and accents mean nothing. Without muted words and those whom you have muted.',
  })
  async searchPosts(
    @Args('query', {
      description: `Words, up to ${MAX_POST_SEARCH_LENGTH} characters; nothing in them is an operator. Nothing that can be seen is BAD_USER_INPUT.`,
    })
    query: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const page = await context.query(postDiscoveryRpc.search, {
      query,
      viewerId: context.viewerId,
      ...pageInput(args),
    });
    return presentPosts(page, args, context, info);
  }
}
