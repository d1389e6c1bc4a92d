import { Args, Context, ID, Info, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { hashtagsOf, notFound } from '@fowergram/contracts-core';
import type { Media } from '@fowergram/contracts-media';
import { type Post, postRpc } from '@fowergram/contracts-post';
import {
  type Profile,
  profileVersion,
  type Relationship as RelationshipModel,
  userRpc,
} from '@fowergram/contracts-user';
import { type ConnectionOf, pageInput, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { whenKnown } from '../api/context/when-known.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { MediaType } from '../media/media.types.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { describeHashtags, PostConnection } from '../posts/posts.types.js';
import { Relationship } from '../relationships/relationships.types.js';
import { putIntoForce } from '../visibility/put-into-force.js';
import { presentUsers } from './users.presenter.js';
import { UpdateProfileInput, UserConnection, UserType } from './users.types.js';

@Resolver(() => UserType)
export class UsersResolver {
  @Query(() => UserType, { nullable: true, description: 'The signed-in user.' })
  async me(@ViewerId() viewerId: string, @Context() context: RequestContext): Promise<Profile> {
    const [profile] = await context.ask(userRpc.profilesByIds, { ids: [viewerId] });
    return this.own(profile, context);
  }

  @Query(() => UserType, {
    nullable: true,
    description:
      'The user with this name, in whatever case it is written; null when there is none, or none that may be seen now.',
  })
  async user(
    @Args('username', { description: 'A username of up to 100 characters; upper and lower case are the same.' })
    username: string,
    @Context() context: RequestContext,
  ): Promise<Profile | null> {
    const profile = await context.query(userRpc.profileByUsername, { username, viewerId: context.viewerId });
    if (profile) context.loaders.users.prime(profile);
    return profile;
  }

  @Mutation(() => UserType, { description: 'Changes your profile.' })
  async updateProfile(
    @ViewerId() userId: string,
    @Args('input', { description: 'The new values; what is left out stays.' })
    { username, displayName, bio, avatarMediaId, links, showsFollowLists, isPrivate }: UpdateProfileInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Profile> {
    const mediaId = avatarMediaId && parseId('media', avatarMediaId, ['input', 'avatarMediaId']);
    const changes = {
      username: username ?? undefined,
      displayName: displayName ?? undefined,
      bio: bio ?? undefined,
      avatarMediaId: mediaId,
      links: links ?? undefined,
      showsFollowLists: showsFollowLists ?? undefined,
      isPrivate: isPrivate ?? undefined,
    };
    const given = { userId, ...changes, ...context.expecting(String) };
    const profile = await context.command(info, userRpc.updateProfile, given, inInput);
    context.shared.userCache.invalidate(userId);
    if (profile.changes) await putIntoForce(profile.changes, context, { hides: profile.isPrivate });
    return this.own(profile, context);
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(user: Profile): string {
    return globalId('user', user.id);
  }

  @ResolveField(() => [String], { description: describeHashtags('bio') })
  hashtags(user: Profile): string[] {
    return hashtagsOf(user.bio);
  }

  @ResolveField(() => MediaType, { nullable: true, description: 'The picture of the user; null when there is none.' })
  avatar(user: Profile, _args: unknown, context: RequestContext): Media | null | Promise<Media | null> {
    return user.avatarMediaId === null ? null : context.loaders.media.get(user.avatarMediaId);
  }

  @ResolveField(() => Int, {
    description:
      'Counts all followers, also those whose account is hidden now, or from you; the list leaves these out.',
  })
  followerCount(user: Profile, _args: unknown, context: RequestContext): number | Promise<number> {
    return whenKnown(context.loaders.counts.get(user.id), (counts) => counts?.followerCount ?? 0);
  }

  @ResolveField(() => Int, {
    description:
      'Counts everybody whom the user follows, also those who are hidden, or from you; the list leaves these out.',
  })
  followingCount(user: Profile, _args: unknown, context: RequestContext): number | Promise<number> {
    return whenKnown(context.loaders.counts.get(user.id), (counts) => counts?.followingCount ?? 0);
  }

  @ResolveField(() => Int, {
    description: 'Counts all posts that there are, also those that you may not see; the list leaves these out.',
  })
  postCount(user: Profile, _args: unknown, context: RequestContext): number | Promise<number> {
    return whenKnown(context.loaders.postCounts.get(user.id), (counts) => counts?.postCount ?? 0);
  }

  @ResolveField(() => Relationship, {
    nullable: true,
    description: 'How you stand to this user; null for yourself and without a session.',
  })
  relationship(
    user: Profile,
    _args: unknown,
    context: RequestContext,
  ): RelationshipModel | null | Promise<RelationshipModel | null> {
    return context.viewerId === null || context.viewerId === user.id
      ? null
      : context.loaders.relationships.get(user.id);
  }

  @ResolveField(() => PostConnection, { description: 'The posts of the user that you may see, newest first.' })
  @FieldArgs(TwoWayPageArgs)
  async posts(
    user: Profile,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const page = await context.query(postRpc.byAuthor, {
      viewerId: context.viewerId,
      authorId: user.id,
      ...pageInput(args),
    });
    return presentPosts(page, args, context, info);
  }

  @ResolveField(() => UserConnection, {
    description: 'Who follows the user, latest first; empty where it is not for you (isPrivate, showsFollowLists).',
  })
  @FieldArgs(TwoWayPageArgs)
  async followers(
    user: Profile,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(userRpc.followers, listInput(user, args, context));
    return presentUsers(page, args, context, info);
  }

  @ResolveField(() => UserConnection, {
    description: 'Whom the user follows, latest first; empty where it is not for you (isPrivate, showsFollowLists).',
  })
  @FieldArgs(TwoWayPageArgs)
  async following(
    user: Profile,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(userRpc.following, listInput(user, args, context));
    return presentUsers(page, args, context, info);
  }

  @ResolveField(() => UserConnection, {
    description:
      'Whom the user follows and who follows back, latest first; empty where it is not for you (isPrivate, showsFollowLists).',
  })
  @FieldArgs(TwoWayPageArgs)
  async mutualFollows(
    user: Profile,
    args: TwoWayPageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(userRpc.mutualFollows, listInput(user, args, context));
    return presentUsers(page, args, context, info);
  }

  private own(profile: Profile | undefined, context: RequestContext): Profile {
    const found = this.found(profile, context);
    context.shownVersion = () => profileVersion(found);
    return found;
  }

  private found(profile: Profile | undefined, context: RequestContext): Profile {
    if (!profile) throw notFound('user');
    context.loaders.users.prime(profile);
    return profile;
  }
}

const listInput = (user: Profile, args: TwoWayPageArgs, { viewerId }: RequestContext) => ({
  userId: user.id,
  viewerId,
  ...pageInput(args),
});
