import { Args, Context, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MAX_SEARCH_LENGTH, type Profile, discoveryRpc } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { presentUsers } from '../users/users.presenter.js';
import { UserConnection } from '../users/users.types.js';

@Resolver()
export class UserSearchResolver {
  @Query(() => UserConnection, {
    nullable: true,
    description:
      'Users with this name: the exact username first, then whose username begins so, then whose display name does, then similar names where few begin so. Whom you follow come first within each; accents, case and a leading @ mean nothing.',
  })
  async searchUsers(
    @Args('query', {
      description: `The name or its beginning, up to ${MAX_SEARCH_LENGTH} characters. Nothing that can be seen is BAD_USER_INPUT.`,
    })
    query: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Profile>> {
    const page = await context.query(discoveryRpc.search, { query, viewerId: context.viewerId, ...pageInput(args) });
    return presentUsers(page, args, context, info);
  }
}
