import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Post, type PostEdit as PostEditModel, postLifeRpc } from '@fowergram/contracts-post';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { parseId } from '../api/schema/global-id.js';
import { commentChoices } from '../posts/comment-choices.js';
import { PostType } from '../posts/posts.types.js';
import { SaveDraftInput } from './drafts.types.js';
import { PostEdit } from './post-edits.types.js';

const OWN_POST = {
  type: () => ID,
  description: 'A post of your own; any other is NOT_FOUND. What its state does not allow is CONFLICT (POST_STATE).',
};

@Resolver(() => PostType)
export class PostLifeResolver {
  @Mutation(() => PostType, {
    description:
      'Makes a draft, or changes a post that is not published yet. Only you see it, and it may be incomplete.',
  })
  saveDraft(
    @ViewerId() userId: string,
    @Args('input', { description: 'The values; what is left out stays.' }) input: SaveDraftInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.saveDraft, draftInput(userId, input), inInput);
  }

  @Mutation(() => PostType, {
    description:
      'Publishes a draft or scheduled post now. It has to have media (POST_INCOMPLETE); while some are still processed it is SCHEDULED, and goes out when all are READY.',
  })
  publishPost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.publish, ownPost(userId, id));
  }

  @Mutation(() => PostType, {
    description: 'Lets a draft be published by itself, or changes the time of a scheduled post.',
  })
  schedulePost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Args('publishAt', { type: () => DateTime, description: 'When, from now to a year ahead.' }) publishAt: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.schedule, { ...ownPost(userId, id), publishAt });
  }

  @Mutation(() => PostType, {
    description: 'Takes a published post back, with all that was said about it: from then on only you see it.',
  })
  archivePost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.archive, ownPost(userId, id));
  }

  @Mutation(() => PostType, { description: 'Shows an archived post again, in its old place.' })
  unarchivePost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.unarchive, ownPost(userId, id));
  }

  @Mutation(() => PostType, {
    description:
      'Brings a post back that you deleted less than 30 days ago, as it was; a scheduled one comes back as a draft.',
  })
  restorePost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.restore, ownPost(userId, id));
  }

  @Mutation(() => PostType, {
    description: 'Pins a published post to the top of your profile, which has room for three (CONFLICT, PIN_LIMIT).',
  })
  pinPost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.pin, ownPost(userId, id));
  }

  @Mutation(() => PostType, { description: 'Takes a pin back; where there is none, nothing happens.' })
  unpinPost(
    @ViewerId() userId: string,
    @Args('id', OWN_POST) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, postLifeRpc.unpin, ownPost(userId, id));
  }

  @ResolveField(() => [PostEdit], {
    description: 'What it said before, for its author, latest first, at most 50; empty for everybody else.',
  })
  history(post: Post, _args: unknown, context: RequestContext): PostEditModel[] | Promise<PostEditModel[]> {
    if (context.viewerId !== post.authorId || post.editedAt === null) return [];
    return whenKnown(context.loaders.postEdits.get(post.id), (found) => found?.edits ?? []);
  }
}

const ownPost = (userId: string, id: string) => ({ userId, id: parseId('post', id, ['id']) });

function draftInput(userId: string, input: SaveDraftInput) {
  const { id, caption, mediaIds, audience, location, isSensitive, contentWarning, publishAt } = input;
  return {
    userId,
    id: id == null ? undefined : parseId('post', id, ['input', 'id']),
    caption: caption ?? undefined,
    mediaIds: mediaIds?.map((mediaId, index) => parseId('media', mediaId, ['input', 'mediaIds', index])),
    audience: audience ?? undefined,
    location,
    ...commentChoices(input),
    isSensitive: isSensitive ?? undefined,
    contentWarning,
    publishAt,
  };
}
