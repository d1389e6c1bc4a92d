import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Media } from '@fowergram/contracts-media';
import {
  MAX_TAGS_PER_MEDIA,
  type PersonTag,
  type Post,
  tagRpc,
  type TagState as State,
} from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { MediaType } from '../media/media.types.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection, PostType } from '../posts/posts.types.js';
import { findUser } from '../users/find-user.js';
import { getUser } from '../users/get-user.js';
import { UserType } from '../users/users.types.js';
import { PersonTagInput, PersonTagType, RemoveTagPayload, TagState } from './tags.types.js';

/** A tag whose picture and user are there. */
type ShownTag = PersonTag & { media: Media };

@Resolver(() => PostType)
export class TagsResolver {
  @Mutation(() => PostType, {
    description: `Says who is in the pictures of your own post, up to ${MAX_TAGS_PER_MEDIA} in each, instead of whom it said before. Each of them is notified; whoever wants to be asked is shown once they have approved.`,
  })
  tagPeople(
    @ViewerId() authorId: string,
    @Args('postId', { type: () => ID, description: 'A post of your own; any other is NOT_FOUND.' }) postId: string,
    @Args('tags', {
      type: () => [PersonTagInput],
      description: 'Everybody who is to be tagged; nobody where it is empty.',
    })
    given: PersonTagInput[],
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    const tags = given.map(({ mediaId, userId, x, y }, index) => ({
      mediaId: parseId('media', mediaId, ['tags', index, 'mediaId']),
      userId: parseId('user', userId, ['tags', index, 'userId']),
      x,
      y,
    }));
    return context.command(info, tagRpc.set, { postId: parseId('post', postId, ['postId']), authorId, tags });
  }

  @Mutation(() => PostType, { description: 'Agrees to be shown where you are tagged in a post. Again is harmless.' })
  approveTag(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post in which you are tagged; any other is NOT_FOUND.' })
    postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, tagRpc.approve, { postId: parseId('post', postId, ['postId']), userId });
  }

  @Mutation(() => RemoveTagPayload, {
    description:
      'Removes you from the pictures of a post, for good, also where you do not see it any more. Again is harmless.',
  })
  async removeTag(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: 'A post in which you are tagged; any other is NOT_FOUND.' })
    postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RemoveTagPayload> {
    const id = parseId('post', postId, ['postId']);
    await context.command(info, tagRpc.remove, { postId: id, userId });
    return { postId: globalId('post', id) };
  }

  @ResolveField(() => [PersonTagType], {
    description: 'Who is in the pictures, as far as they agree to be shown and you may see them.',
  })
  async taggedPeople(post: Post, _args: unknown, context: RequestContext): Promise<ShownTag[]> {
    const tags = (await context.loaders.postTags.get(post.id))?.tags ?? [];
    if (tags.length === 0) return [];
    const [media, users] = await Promise.all([
      context.loaders.media.many(post.mediaIds),
      Promise.all(tags.map(({ userId }) => findUser(userId, context))),
    ]);
    const pictures = new Map(media.map((picture) => [picture.id, picture]));
    return tags.flatMap((tag, index) => {
      const picture = pictures.get(tag.mediaId);
      return picture && users[index] ? [{ ...tag, media: picture }] : [];
    });
  }

  @ResolveField(() => TagState, {
    nullable: true,
    description: 'How it stands with your own tag in the post; null where you are not tagged, and without a session.',
  })
  viewerTag(post: Post, _args: unknown, { viewerId, loaders }: RequestContext): State | null | Promise<State | null> {
    return viewerId === null ? null : whenKnown(loaders.postTags.get(post.id), (tags) => tags?.viewerState ?? null);
  }
}

@Resolver(() => PersonTagType)
export class PersonTagsResolver {
  @ResolveField(() => UserType, { description: 'Who is to be seen there.' })
  user({ userId }: ShownTag, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(userId, context);
  }

  @ResolveField(() => MediaType, { description: 'The picture of the post in which the tag stands.' })
  media({ media }: ShownTag): Media {
    return media;
  }
}

@Resolver(() => RemoveTagPayload)
export class RemoveTagPayloadResolver {
  @ResolveField(() => PostType, { nullable: true, description: 'The post, without you; null when you may not see it.' })
  post({ postId }: RemoveTagPayload, _args: unknown, context: RequestContext): Post | null | Promise<Post | null> {
    return context.loaders.posts.get(parseId('post', postId, ['postId']));
  }
}

@Resolver(() => UserType)
export class TaggedPostsResolver {
  @ResolveField(() => PostConnection, {
    description:
      'The posts in which the user agrees to be shown and that you may see, latest tag first; where the account is private, posts of others are for its followers.',
  })
  @FieldArgs(PageArgs)
  async taggedPosts(
    user: Profile,
    args: PageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const input = { userId: user.id, viewerId: context.viewerId, ...pageInput(args) };
    return presentPosts(await context.query(tagRpc.taggedPosts, input), args, context, info);
  }
}
