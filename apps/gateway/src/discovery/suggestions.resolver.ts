import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { discoveryRpc, type Profile } from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { parseId } from '../api/schema/global-id.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection, UserType } from '../users/users.types.js';

@Resolver(() => UserType)
export class SuggestionsResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description:
      'Users whom you may know: followed by many of those whom you follow, the most first. Without whom you follow, asked to follow, block, mute or have dismissed.',
  })
  async suggestedUsers(
    @ViewerId() viewerId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(discoveryRpc.suggestions, { viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }

  @Mutation(() => ID, {
    description: 'Keeps a user out of your suggestions, and answers the id. Yourself is BAD_USER_INPUT (ONESELF).',
  })
  async dismissSuggestion(
    @ViewerId() viewerId: string,
    @Args('userId', {
      type: () => ID,
      description: 'Whom to suggest no more. Nobody, or somebody hidden, is NOT_FOUND.',
    })
    userId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<string> {
    const input = { viewerId, dismissedId: parseId('user', userId, ['userId']) };
    await context.command(info, discoveryRpc.dismissSuggestion, input, renamed({ dismissedId: 'userId' }));
    return userId;
  }

  @ResolveField(() => UserConnection, {
    description:
      'Followers of the user whom you follow, too, whom you followed last first; empty without a session, for yourself, and where you may not see the followers.',
  })
  @FieldArgs(PageArgs)
  async familiarFollowers(
    user: Profile,
    args: PageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const { viewerId } = context;
    if (viewerId === null || viewerId === user.id) return toConnection({ edges: [], hasNextPage: false }, args);
    const input = { userId: user.id, viewerId, ...pageInput(args) };
    return presentUsers(await context.query(discoveryRpc.familiarFollowers, input), args, context, info);
  }
}
