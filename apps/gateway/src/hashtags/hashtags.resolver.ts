import { Args, Context, ID, Info, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { hashtagId, parseInput } from '@fowergram/contracts-core';
import { type Hashtag, HashtagInput, hashtagRpc, MAX_FOLLOWED_HASHTAGS, type Post } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { type ConnectionOf, pageInput } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId } from '../api/schema/global-id.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection } from '../posts/posts.types.js';
import { HashtagPostsArgs, HashtagType, type Named, TrendingArgs } from './hashtags.types.js';

const NAME_DESCRIPTION =
  'With or without #, in any spelling: case, width and accents that look alike are one. A text that is no hashtag is BAD_USER_INPUT.';

@Resolver(() => HashtagType)
export class HashtagsResolver {
  @Query(() => HashtagType, { nullable: true, description: 'The hashtag of this name, used or not.' })
  hashtag(@Args('name', { description: NAME_DESCRIPTION }) name: string): Named {
    return parseInput(HashtagInput, { name });
  }

  @Query(() => [HashtagType], {
    nullable: true,
    description:
      'Hashtags that many use now, most first, as of the last minute. Each author counts once, by their latest post with it, and half as much every twelve hours. Without those that you have muted.',
  })
  async trendingHashtags(@Args() { first }: TrendingArgs, @Context() context: RequestContext): Promise<Named[]> {
    const input = { viewerId: context.viewerId, first: first ?? undefined };
    return (await context.query(hashtagRpc.trending, input)).map((name) => ({ name }));
  }

  @Query(() => [HashtagType], { nullable: true, description: 'The hashtags that you follow, latest first.' })
  async followedHashtags(@ViewerId() userId: string, @Context() context: RequestContext): Promise<Named[]> {
    return (await context.ask(hashtagRpc.followed, { userId })).map((name) => ({ name }));
  }

  @Mutation(() => HashtagType, {
    description: `Brings the posts with a hashtag into your home feed; ${MAX_FOLLOWED_HASHTAGS} hashtags at most (FORBIDDEN, HASHTAG_FOLLOW_LIMIT). Following twice is following once.`,
  })
  async followHashtag(
    @ViewerId() userId: string,
    @Args('name', { description: NAME_DESCRIPTION }) name: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Named> {
    return prime(await context.command(info, hashtagRpc.follow, { userId, name }), context);
  }

  @Mutation(() => HashtagType, {
    description: 'Follows a hashtag no longer; where you do not follow it, nothing happens.',
  })
  async unfollowHashtag(
    @ViewerId() userId: string,
    @Args('name', { description: NAME_DESCRIPTION }) name: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Named> {
    return prime(await context.command(info, hashtagRpc.unfollow, { userId, name }), context);
  }

  @ResolveField(() => ID, {
    description: 'The same for good, and of no other thing: use it as the key of a cache. node(id) does not find it.',
  })
  id({ name }: Named): string {
    return globalId('hashtag', hashtagId(name));
  }

  @ResolveField(() => Int, {
    description:
      'The posts with it that everybody may see, also of somebody whom you block; those of private accounts are not counted, whoever asks.',
  })
  postCount({ name }: Named, _args: unknown, { loaders }: RequestContext): number | Promise<number> {
    return whenKnown(loaders.hashtags.get(name), (hashtag) => hashtag?.postCount ?? 0);
  }

  @ResolveField(() => Boolean, { description: 'True when you follow it; false without a session.' })
  viewerFollows({ name }: Named, _args: unknown, { loaders }: RequestContext): boolean | Promise<boolean> {
    return whenKnown(loaders.hashtags.get(name), (hashtag) => hashtag?.viewerFollows ?? false);
  }

  @ResolveField(() => PostConnection, {
    description: 'The posts with it that you may see, without muted words and those whom you have muted.',
  })
  @FieldArgs(HashtagPostsArgs)
  async posts(
    { name }: Named,
    args: HashtagPostsArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const input = { name, viewerId: context.viewerId, order: args.order ?? undefined, ...pageInput(args) };
    return presentPosts(await context.query(hashtagRpc.posts, input), args, context, info);
  }
}

/** What a change has answered is what the fields of the hashtag show. */
function prime(hashtag: Hashtag, { loaders }: RequestContext): Named {
  loaders.hashtags.prime(hashtag);
  return hashtag;
}
