import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { postRpc } from '@fowergram/contracts-post';
import {
  MAX_FOLLOWING,
  type Profile,
  type Relationship as RelationshipModel,
  userRpc,
} from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { getUser } from './get-user.js';
import { Relationship, UserType } from './users.types.js';

@Resolver(() => Relationship)
export class RelationshipsResolver {
  @Mutation(() => Relationship, {
    description: `Follows a user. Following twice is the same as once; nobody can follow themselves (BAD_USER_INPUT, ONESELF), or more than ${MAX_FOLLOWING} users (FORBIDDEN, FOLLOWING_LIMIT).`,
  })
  followUser(
    @ViewerId() followerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to follow. Nobody, or somebody hidden, is NOT_FOUND.' })
    userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    return this.changeFollow(userRpc.follow, followerId, userId, context, info);
  }

  @Mutation(() => Relationship, { description: 'Stops following a user; whom you do not follow is no error.' })
  unfollowUser(
    @ViewerId() followerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to follow no longer.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    return this.changeFollow(userRpc.unfollow, followerId, userId, context, info);
  }

  @ResolveField()
  id({ userId }: RelationshipModel, _args: unknown, context: RequestContext): string {
    return globalId('relationship', `${context.signedIn()}_${userId}`);
  }

  @ResolveField(() => UserType, { description: 'The other user, whose followerCount counts you or no longer does.' })
  user({ userId }: RelationshipModel, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(userId, context);
  }

  @ResolveField(() => UserType, { description: 'You, whose followingCount counts the other user or no longer does.' })
  viewer(_relationship: RelationshipModel, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(context.signedIn(), context);
  }

  private async changeFollow(
    contract: typeof userRpc.follow,
    followerId: string,
    userId: string,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const followeeId = parseId('user', userId, ['userId']);
    const relationship = await context.command(
      info,
      contract,
      { followerId, followeeId },
      renamed({ followeeId: 'userId' }),
    );
    // The viewer's next look at the feed must show the change. Where this fails, the event of the follow does it a little later.
    await context
      .ask(postRpc.invalidateFeed, { viewerId: followerId })
      .catch((error: unknown) =>
        context.shared.log.warn({ err: error, correlationId: context.headers.correlationId }, 'feed not invalidated'),
      );
    return relationship;
  }
}
