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
export class BlocksResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description: 'Whom you block, latest first.',
  })
  async blockedUsers(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(relationshipRpc.blocked, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Mutation(() => Relationship, {
    description: `Blocks a user: from the answer on neither of you meets anything of the other, anywhere. Follows and requests between you end, in both directions, and do not come back with unblockUser. They are not notified. You can block ${MAX_LISTED} users at most (FORBIDDEN, LIST_LIMIT).`,
  })
  blockUser(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to block.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.block, input);
  }

  @Mutation(() => Relationship, {
    description:
      'Blocks a user no longer, and shows you again whom you have reported; whom you do not block is no error.',
  })
  unblockUser(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to block no longer.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.unblock, input);
  }
}
