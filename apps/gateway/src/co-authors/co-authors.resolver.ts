import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { coAuthorRpc, MAX_CO_AUTHORS, type Post } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection, PostType } from '../posts/posts.types.js';
import { getUser } from '../users/get-user.js';
import { UserType } from '../users/users.types.js';
import { DeclineCoAuthorshipPayload } from './co-authors.types.js';

const OWN_POST = 'A post of your own; any other is NOT_FOUND.';
const INVITATION = 'A post to which you are invited, or of which you are a co-author; any other is NOT_FOUND.';

@Resolver(() => PostType)
export class CoAuthorsResolver {
  @Query(() => PostConnection, {
    nullable: true,
    description: 'The posts to which you are invited as a co-author and that you see, latest invitation first.',
  })
  async coAuthorInvitations(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const page = await context.query(coAuthorRpc.invitations, { userId, ...pageInput(args) });
    return presentPosts(page, args, context, info);
  }

  @Mutation(() => PostType, {
    description: `Asks somebody to be a co-author of your own post, at once or, of a draft or scheduled post, when it is published; up to ${MAX_CO_AUTHORS} are invited or have accepted (CONFLICT, TOO_MANY_CO_AUTHORS). They are notified if they see the post. Again is harmless; whoever has declined is not asked again (CONFLICT, CO_AUTHOR_DECLINED).`,
  })
  inviteCoAuthor(
    @ViewerId() authorId: string,
    @Args('postId', { type: () => ID, description: OWN_POST }) postId: string,
    @Args('userId', { type: () => ID, description: 'Who is asked; somebody whom you cannot see is NOT_FOUND.' })
    userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, coAuthorRpc.invite, { ...idsOf(postId, userId), authorId });
  }

  @Mutation(() => PostType, {
    description:
      'Takes an invitation back, or ends that somebody is a co-author of your own post. Where they are neither, nothing happens.',
  })
  removeCoAuthor(
    @ViewerId() authorId: string,
    @Args('postId', { type: () => ID, description: OWN_POST }) postId: string,
    @Args('userId', { type: () => ID, description: 'Who is asked no more, or a co-author no more.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, coAuthorRpc.remove, { ...idsOf(postId, userId), authorId });
  }

  @Mutation(() => PostType, {
    description:
      'Accepts an invitation: the post is yours, too, in your profile and in the feeds of your followers. Again is harmless.',
  })
  acceptCoAuthorship(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: INVITATION }) postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post> {
    return context.command(info, coAuthorRpc.accept, { postId: parseId('post', postId, ['postId']), userId });
  }

  @Mutation(() => DeclineCoAuthorshipPayload, {
    description:
      'Declines an invitation, or ends that you are a co-author, for good; also where you do not see the post any more. Again is harmless.',
  })
  async declineCoAuthorship(
    @ViewerId() userId: string,
    @Args('postId', { type: () => ID, description: INVITATION }) postId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DeclineCoAuthorshipPayload> {
    const id = parseId('post', postId, ['postId']);
    await context.command(info, coAuthorRpc.decline, { postId: id, userId });
    return { postId: globalId('post', id) };
  }

  @ResolveField(() => [UserType], {
    description: `Whose post it is, too, in the order of their consent, up to ${MAX_CO_AUTHORS}. Hidden accounts are left out.`,
  })
  coAuthors({ coAuthorIds = [] }: Post, _args: unknown, { loaders }: RequestContext): Profile[] | Promise<Profile[]> {
    return loaders.users.many(coAuthorIds);
  }

  @ResolveField(() => [UserType], {
    description: 'Whom you have invited to your own post and who have not answered; nobody for anybody else.',
  })
  async invitedCoAuthors(post: Post, _args: unknown, { viewerId, loaders }: RequestContext): Promise<Profile[]> {
    if (viewerId !== post.authorId) return [];
    const invited = await loaders.invitedCoAuthors.get(post.id);
    return loaders.users.many(invited?.userIds ?? []);
  }
}

@Resolver(() => DeclineCoAuthorshipPayload)
export class DeclineCoAuthorshipPayloadResolver {
  @ResolveField(() => PostType, { nullable: true, description: 'The post, without you; null when you may not see it.' })
  post(
    { postId }: DeclineCoAuthorshipPayload,
    _args: unknown,
    context: RequestContext,
  ): Post | null | Promise<Post | null> {
    return context.loaders.posts.get(parseId('post', postId, ['postId']));
  }

  @ResolveField(() => UserType, { description: 'You, whose posts it is not among.' })
  user(_payload: DeclineCoAuthorshipPayload, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(context.signedIn(), context);
  }
}

const idsOf = (postId: string, userId: string) => ({
  postId: parseId('post', postId, ['postId']),
  userId: parseId('user', userId, ['userId']),
});
