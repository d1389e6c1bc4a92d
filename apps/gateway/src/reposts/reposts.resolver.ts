import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MAX_CAPTION_LENGTH, type Post, repostRpc } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { parseId } from '../api/schema/global-id.js';
import { PostType } from '../posts/posts.types.js';

const POST = 'A post that you may see; any other is NOT_FOUND. Of a repost, what it passes on is meant.';

@Resolver(() => PostType)
export class RepostsResolver {
  @Mutation(() => PostType, {
    description:
      'Passes a post on to your followers, once, and answers your repost; repostOf has the post. Only what everybody may see can be passed on: PUBLIC posts of accounts that are not private (FORBIDDEN, NOT_FOR_EVERYBODY). Where you have done it before, nothing happens.',
  })
  repost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: POST }) postId: string,
    @Args('text', {
      type: () => String,
      nullable: true,
      description: `What you say about it, up to ${MAX_CAPTION_LENGTH} characters: the caption of the repost.`,
    })
    text: string | null | undefined,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, repostRpc.repost, { postId: parseId('post', postId, ['postId']), userId, text });
  }

  @Mutation(() => PostType, {
    description:
      'Takes your repost back, for good, with the likes and comments of it, and answers the post that it passed on. Where there is none, nothing happens.',
  })
  unrepost(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: POST }) postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, repostRpc.unrepost, { postId: parseId('post', postId, ['postId']), userId });
  }

  @ResolveField(() => PostType, {
    nullable: true,
    description:
      'The post that it passes on, which is never a repost itself; null when it is no repost. Whoever may not see that post does not see its reposts.',
  })
  repostOf({ repostOf }: Post, _args: unknown, { loaders }: RequestContext): Post | null | Promise<Post | null> {
    return repostOf === null ? null : loaders.posts.get(repostOf);
  }

  @ResolveField(() => Boolean, {
    description: 'True when you have passed it on, or what it passes on; false without a session.',
  })
  viewerHasReposted(post: Post, _args: unknown, context: RequestContext): boolean | Promise<boolean> {
    if (context.viewerId === null) return false;
    return whenKnown(context.loaders.repostedPosts.get(post.repostOf ?? post.id), (reposted) => reposted !== null);
  }
}
