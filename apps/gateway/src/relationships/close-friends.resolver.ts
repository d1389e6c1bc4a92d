import { Args, Context, ID, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  MAX_LISTED,
  type Profile,
  type Relationship as RelationshipModel,
  relationshipRpc,
} from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { parseId } from '../api/schema/global-id.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection } from '../users/users.types.js';
import { changeRelationship } from './change-relationship.js';
import { Relationship } from './relationships.types.js';

@Resolver()
export class CloseFriendsResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description: 'Your close friends, latest first. Only you see the list, and nobody learns that they are on it.',
  })
  async closeFriends(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(relationshipRpc.closeFriends, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Mutation(() => Relationship, {
    description: `Lets a user see your posts for close friends, whether they follow you or not. They are not notified. Whom you block is CONFLICT (BLOCKING); there are ${MAX_LISTED} at most (FORBIDDEN, LIST_LIMIT).`,
  })
  addCloseFriend(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to add.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.addCloseFriend, input);
  }

  @Mutation(() => Relationship, {
    description: 'Shows your posts for close friends to this user no longer; who is not on the list is no error.',
  })
  removeCloseFriend(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to remove.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.removeCloseFriend, input);
  }
}
