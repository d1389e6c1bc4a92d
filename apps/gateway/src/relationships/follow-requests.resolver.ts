import { Args, Context, ID, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Profile, type Relationship as RelationshipModel, relationshipRpc } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { parseId } from '../api/schema/global-id.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection } from '../users/users.types.js';
import { changeRelationship } from './change-relationship.js';
import { Relationship } from './relationships.types.js';

@Resolver()
export class FollowRequestsResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description:
      'Who waits for you to accept that they follow, latest first; nobody while your account is not private.',
  })
  async followRequests(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(relationshipRpc.requests, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Query(() => UserConnection, {
    nullable: true,
    description: 'For whom you wait to accept that you follow, latest first.',
  })
  async sentFollowRequests(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(relationshipRpc.sentRequests, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Mutation(() => Relationship, {
    description:
      'Lets a user follow you who asked to. One who follows already is no error; a request that was withdrawn, or never made, is NOT_FOUND.',
  })
  acceptFollowRequest(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Who asked to follow you.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.acceptRequest, input);
  }

  @Mutation(() => Relationship, {
    description:
      'Takes a request to follow you off your list; where there is none, nothing happens. They are not notified, and may ask again.',
  })
  rejectFollowRequest(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Who asked to follow you.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.rejectRequest, input);
  }
}
