import { Args, Context, ID, Info, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  MAX_FOLLOWING,
  type Profile,
  type Relationship as RelationshipModel,
  relationshipRpc,
  userRpc,
} from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { getUser } from '../users/get-user.js';
import { UserType } from '../users/users.types.js';
import { changeRelationship } from './change-relationship.js';
import { Relationship } from './relationships.types.js';

const FOLLOWEE = renamed({ followeeId: 'userId' });

@Resolver(() => Relationship)
export class RelationshipsResolver {
  @Mutation(() => Relationship, {
    description: `Follows a user, or asks to where the account is private (requested). Following twice is the same as once; nobody can follow themselves (BAD_USER_INPUT, ONESELF), whom they block (CONFLICT, BLOCKING), or more than ${MAX_FOLLOWING} users, requests included (FORBIDDEN, FOLLOWING_LIMIT).`,
  })
  followUser(
    @ViewerId() followerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to follow. Nobody, or somebody hidden, is NOT_FOUND.' })
    userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const followeeId = parseId('user', userId, ['userId']);
    return changeRelationship(context, info, userRpc.follow, { followerId, followeeId }, FOLLOWEE);
  }

  @Mutation(() => Relationship, {
    description: 'Stops following a user, or withdraws the request to; whom you do not follow is no error.',
  })
  unfollowUser(
    @ViewerId() followerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to follow no longer.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const followeeId = parseId('user', userId, ['userId']);
    return changeRelationship(context, info, userRpc.unfollow, { followerId, followeeId }, FOLLOWEE);
  }

  @Mutation(() => Relationship, {
    description:
      'Lets a user follow you no longer; who does not follow is no error. They are not notified, and may follow or ask again.',
  })
  removeFollower(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Who shall follow no longer.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.removeFollower, input);
  }

  @ResolveField()
  id({ userId }: RelationshipModel, _args: unknown, context: RequestContext): string {
    return globalId('relationship', `${context.signedIn()}_${userId}`);
  }

  @ResolveField(() => UserType, { description: 'The other user, with the counts of now.' })
  user({ userId }: RelationshipModel, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(userId, context);
  }

  @ResolveField(() => UserType, { description: 'You, with the counts of now.' })
  viewer(_relationship: RelationshipModel, _args: unknown, context: RequestContext): Profile | Promise<Profile> {
    return getUser(context.signedIn(), context);
  }
}
