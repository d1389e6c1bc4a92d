import { Args, Context, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Post, postRpc } from '@fowergram/contracts-post';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection } from '../posts/posts.types.js';
import { withRevisions } from './referenced-posts.js';

@Resolver()
export class FeedResolver {
  @Query(() => PostConnection, {
    nullable: true,
    description: 'Posts of those whom you follow and your own, newest first, to the very end.',
  })
  async homeFeed(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const input = { viewerId, ...pageInput(args) };
    const referenced = await context.query(postRpc.homeFeed, { ...input, takesReferences: true });
    const page = (await withRevisions(referenced, context)) ?? (await context.query(postRpc.homeFeed, input));
    return presentPosts(page, args, context, info);
  }
}
