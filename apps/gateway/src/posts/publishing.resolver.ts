import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Post, postRpc } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { getUser } from '../users/get-user.js';
import { UserType } from '../users/users.types.js';
import { commentChoices } from './comment-choices.js';
import { CreatePostInput, UpdatePostInput } from './post-inputs.types.js';
import { DeletePostPayload, PostType } from './posts.types.js';

interface DeletedPost {
  id: string;
  authorId: string;
}

@Resolver(() => DeletePostPayload)
export class PublishingResolver {
  @Mutation(() => PostType, {
    description: 'Publishes pictures with a caption, for the audience that you choose and into its feeds.',
  })
  createPost(
    @ViewerId() authorId: string,
    @Args('input', { description: 'Pictures, caption, who sees it and who may comment.' })
    { caption, mediaIds, location, audience, isSensitive, contentWarning, ...comments }: CreatePostInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    const ids = mediaIds.map((mediaId, index) => parseId('media', mediaId, ['input', 'mediaIds', index]));
    const choices = { ...commentChoices(comments), audience: audience ?? undefined };
    const sensitivity = { isSensitive: isSensitive ?? undefined, contentWarning };
    const input = { authorId, caption, mediaIds: ids, location, ...choices, ...sensitivity };
    return context.command(info, postRpc.create, input, inInput);
  }

  @Mutation(() => PostType, {
    description:
      'Changes a post of your own, published or not. Whoever may not see it any more does not find it from then on.',
  })
  updatePost(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A post of your own; any other is NOT_FOUND.' }) id: string,
    @Args('input', { description: 'The new values; what is left out stays.' }) input: UpdatePostInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    const expected = context.expectedVersions ? context.expecting(Number) : {};
    const given = { id: parseId('post', id, ['id']), userId, ...changesOf(input), ...expected };
    return context.command(info, postRpc.update, given, (path) => (path[0] === 'id' ? path : inInput(path)));
  }

  @Mutation(() => DeletePostPayload, {
    description:
      'Deletes a post of your own: nobody finds it any more, and its pictures are gone within seconds. You can restore it for 30 days; then it is erased. Doing it again is harmless.',
  })
  async deletePost(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A post of your own; any other is NOT_FOUND.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DeletedPost> {
    const postId = parseId('post', id, ['id']);
    await context.command(info, postRpc.delete, { id: postId, userId });
    return { id: globalId('post', postId), authorId: userId };
  }

  @ResolveField(() => UserType, { description: 'Its author, whose postCount no longer counts it.' })
  author({ authorId }: DeletedPost, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(authorId, context);
  }
}

const changesOf = ({
  caption,
  audience,
  location,
  commentsDisabled,
  commentPolicy,
  altTexts,
  expectedVersion,
  ...marks
}: UpdatePostInput) => ({
  isSensitive: marks.isSensitive ?? undefined,
  contentWarning: marks.contentWarning,
  caption: caption ?? undefined,
  audience: audience ?? undefined,
  location,
  ...commentChoices({ commentsDisabled, commentPolicy }),
  altTexts: altTexts?.map(({ mediaId, altText }, index) => ({
    mediaId: parseId('media', mediaId, ['input', 'altTexts', index, 'mediaId']),
    altText: altText ?? null,
  })),
  expectedVersion: expectedVersion ?? undefined,
});
