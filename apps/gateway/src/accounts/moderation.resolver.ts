import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Input } from '@fowergram/contracts-core';
import { type Account, accountRpc, type Profile } from '@fowergram/contracts-user';
import { globalId, parseId } from '../api/schema/global-id.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import { AdminId, ModeratorId } from '../api/context/viewer.decorator.js';
import { UserType } from '../users/users.types.js';
import { ModerationInput, SetUserRoleInput, SetVerifiedInput, SuspendUserInput } from './account-inputs.types.js';
import { ModeratedAccount } from './accounts.types.js';

type ModerationCommand = (typeof accountRpc)['suspend' | 'ban' | 'reinstate' | 'setRole' | 'setVerified'];

/** The user service decides who may do what to whom; here only those pass who may do something at all. */
@Resolver(() => ModeratedAccount)
export class ModerationResolver {
  @Query(() => ModeratedAccount, {
    nullable: true,
    description: 'For moderators: the account of this user; null when there is none.',
  })
  account(
    @ModeratorId() moderatorId: string,
    @Args('userId', { type: () => ID, description: 'Whose account to show, hidden or not.' }) userId: string,
    @Context() context: RequestContext,
  ): Promise<Account | null> {
    const input = { moderatorId, userId: parseId('user', userId, ['userId']) };
    return nullIfMissing(context.query(accountRpc.account, input));
  }

  @Mutation(() => ModeratedAccount, {
    description:
      'For moderators. Signs the user out everywhere and hides them until then; who is banned stays so (CONFLICT, ACCOUNT_BANNED).',
  })
  suspendUser(
    @ModeratorId() moderatorId: string,
    @Args('input', { description: 'Whom to suspend, until when and why.' }) input: SuspendUserInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    return moderate(accountRpc.suspend, { ...moderation(moderatorId, input), until: input.until }, context, info);
  }

  @Mutation(() => ModeratedAccount, {
    description: 'For moderators. Signs the user out everywhere and hides them until somebody reinstates them.',
  })
  banUser(
    @ModeratorId() moderatorId: string,
    @Args('input', { description: 'Whom to ban, and why.' }) input: ModerationInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    return moderate(accountRpc.ban, moderation(moderatorId, input), context, info);
  }

  @Mutation(() => ModeratedAccount, {
    description: 'For moderators. Ends a suspension or a ban; where there is neither, it is CONFLICT (NOT_RESTRICTED).',
  })
  reinstateUser(
    @ModeratorId() moderatorId: string,
    @Args('input', { description: 'Whom to reinstate, and why.' }) input: ModerationInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    return moderate(accountRpc.reinstate, moderation(moderatorId, input), context, info);
  }

  @Mutation(() => ModeratedAccount, { description: 'For administrators. The user signs in anew with the new role.' })
  setUserRole(
    @AdminId() moderatorId: string,
    @Args('input', { description: 'Who gets which role, and why.' }) input: SetUserRoleInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    return moderate(accountRpc.setRole, { ...moderation(moderatorId, input), role: input.role }, context, info);
  }

  @Mutation(() => ModeratedAccount, {
    description:
      'For administrators. Says of the account of somebody else that it is of whom it says, or no longer does.',
  })
  setVerified(
    @AdminId() moderatorId: string,
    @Args('input', { description: 'Whose account is verified or not, and why.' }) input: SetVerifiedInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    const { isVerified } = input;
    return moderate(accountRpc.setVerified, { ...moderation(moderatorId, input), isVerified }, context, info);
  }

  @ResolveField()
  id(account: Account): string {
    return globalId('moderated-account', account.userId);
  }

  @ResolveField(() => UserType, {
    nullable: true,
    description: 'The user as everybody sees them; null while nobody does.',
  })
  user({ userId }: Account, _args: unknown, { loaders }: RequestContext): Profile | null | Promise<Profile | null> {
    return loaders.users.get(userId);
  }

  @ResolveField(() => ID, { description: 'The id of the user, as User.id has it.' })
  userId(account: Account): string {
    return globalId('user', account.userId);
  }
}

const moderation = (moderatorId: string, { userId, reason }: ModerationInput) => ({
  moderatorId,
  userId: parseId('user', userId, ['input', 'userId']),
  reason,
});

/** Executes it, and invalidates what this process knows of the user: the moderator's next look shows the change. */
async function moderate<C extends ModerationCommand>(
  contract: C,
  input: Input<C>,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<Account> {
  const account: Account = await context.command(info, contract, input, inInput);
  context.shared.userCache.invalidate(account.userId);
  return account;
}
