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
import { MuteUserArgs, Relationship } from './relationships.types.js';

@Resolver()
export class MutesResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description: 'Whom you mute, latest first; those whose mute has ended are gone.',
  })
  async mutedUsers(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(relationshipRpc.muted, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Mutation(() => Relationship, {
    description: `Mutes a user: their posts leave your feed, and you are not notified of what they do; their profile stays as it is. A mute that there is already is replaced. They are not notified. You can mute ${MAX_LISTED} users at most (FORBIDDEN, LIST_LIMIT).`,
  })
  muteUser(
    @ViewerId() viewerId: string,
    @Args() args: MuteUserArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const { posts, notifications, until } = args;
    const what = { posts: posts ?? undefined, notifications: notifications ?? undefined, until };
    const input = { viewerId, userId: parseId('user', args.userId, ['userId']), ...what };
    return changeRelationship(context, info, relationshipRpc.mute, input);
  }

  @Mutation(() => Relationship, {
    description: 'Mutes a user no longer; whom you do not mute is no error.',
  })
  unmuteUser(
    @ViewerId() viewerId: string,
    @Args('userId', { type: () => ID, description: 'Whom to mute no longer.' }) userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RelationshipModel> {
    const input = { viewerId, userId: parseId('user', userId, ['userId']) };
    return changeRelationship(context, info, relationshipRpc.unmute, input);
  }
}
