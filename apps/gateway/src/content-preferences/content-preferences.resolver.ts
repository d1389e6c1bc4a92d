import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  type ContentPreferences,
  type MediaDisplay as Display,
  type Post,
  preferenceRpc,
  preferencesVersion,
} from '@fowergram/contracts-post';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { globalId } from '../api/schema/global-id.js';
import { PostType } from '../posts/posts.types.js';
import { ContentPreferencesInput, ContentPreferencesType, MediaDisplay } from './content-preferences.types.js';

@Resolver(() => ContentPreferencesType)
export class ContentPreferencesResolver {
  @Query(() => ContentPreferencesType, {
    nullable: true,
    description: 'How you want to meet the posts of others, and to write your own.',
  })
  async contentPreferences(
    @ViewerId() userId: string,
    @Context() context: RequestContext,
  ): Promise<ContentPreferences> {
    return this.shown(await context.query(preferenceRpc.get, { userId }), context);
  }

  @Mutation(() => ContentPreferencesType, {
    description: 'Changes how you want to meet the posts of others, and to write your own.',
  })
  async updateContentPreferences(
    @ViewerId() userId: string,
    @Args('input', { description: 'The new values; what is left out stays.' })
    { altText, sensitiveMedia, approvesTags }: ContentPreferencesInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ContentPreferences> {
    const change = {
      altText: altText ?? undefined,
      sensitiveMedia: sensitiveMedia ?? undefined,
      approvesTags: approvesTags ?? undefined,
    };
    const input = { userId, ...change, ...context.expecting(String) };
    return this.shown(await context.command(info, preferenceRpc.update, input, inInput), context);
  }

  @ResolveField(() => ID, { description: 'The same for as long as your account exists.' })
  id({ userId }: ContentPreferences): string {
    return globalId('content-preferences', userId);
  }

  private shown(preferences: ContentPreferences, context: RequestContext): ContentPreferences {
    context.shownVersion = () => preferencesVersion(preferences);
    return preferences;
  }
}

@Resolver(() => PostType)
export class MediaDisplayResolver {
  @ResolveField(() => MediaDisplay, {
    description:
      'How to show the pictures to you: SHOW unless the post is sensitive; what you prefer where it is, BLUR without a session. Your own are shown.',
  })
  mediaDisplay(post: Post, _args: unknown, { viewerId, loaders }: RequestContext): Display | Promise<Display> {
    if (!post.isSensitive || post.authorId === viewerId) return 'SHOW';
    if (viewerId === null) return 'BLUR';
    return whenKnown(loaders.contentPreferences.get(viewerId), (preferences) => preferences?.sensitiveMedia ?? 'BLUR');
  }
}
