import {} from '@nestjs/common';
import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { User } from 'supertokens-node';
import { type AccountState, accountRpc, type Erasure, type SignInMethod as Method } from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { globalId } from '../api/schema/global-id.js';
import { AccountClosureService } from './account-closure.service.js';
import type { Session } from '../auth/sessions/session.js';
import { Viewer, ViewerId } from '../api/context/viewer.decorator.js';
import { ReauthenticationInput } from './account-inputs.types.js';
import { AccountErasure, type AccountOwner, MyAccount } from './accounts.types.js';

const METHODS: Record<string, Method> = {
  emailpassword: 'PASSWORD',
  thirdparty: 'THIRD_PARTY',
  passwordless: 'EMAIL_CODE',
};

@Resolver(() => MyAccount)
export class MyAccountResolver {
  constructor(private readonly closure: AccountClosureService) {}

  @Query(() => MyAccount, { nullable: true, description: 'Your account, with what nobody else sees.' })
  myAccount(@ViewerId() userId: string): AccountOwner {
    return { userId };
  }

  @ResolveField()
  id({ userId }: AccountOwner): string {
    return globalId('my-account', userId);
  }

  @ResolveField()
  async email({ userId }: AccountOwner, _args: unknown, context: RequestContext): Promise<string | null> {
    return withEmail(await context.loaders.logins.get(userId))?.email ?? null;
  }

  @ResolveField()
  async emailVerified({ userId }: AccountOwner, _args: unknown, context: RequestContext): Promise<boolean> {
    return withEmail(await context.loaders.logins.get(userId))?.verified ?? false;
  }

  @ResolveField()
  async hasPassword({ userId }: AccountOwner, _args: unknown, context: RequestContext): Promise<boolean> {
    return methodsOf(await context.loaders.logins.get(userId)).includes('PASSWORD');
  }

  @ResolveField()
  async signInMethods({ userId }: AccountOwner, _args: unknown, context: RequestContext): Promise<Method[]> {
    return methodsOf(await context.loaders.logins.get(userId));
  }

  @ResolveField()
  async secondFactor(
    { userId }: AccountOwner,
    _args: unknown,
    context: RequestContext,
  ): Promise<AccountState['secondFactor']> {
    return (await context.loaders.accountStates.get(userId))!.secondFactor;
  }

  @ResolveField()
  async role({ userId }: AccountOwner, _args: unknown, context: RequestContext): Promise<AccountState['role']> {
    return (await context.loaders.accountStates.get(userId))!.role;
  }

  @Mutation(() => Boolean, {
    description: 'Hides you and all that is yours and signs you out everywhere, until you sign in again; always true.',
  })
  async deactivateAccount(
    @Viewer() viewer: Session,
    @Args('input', { description: 'Your password.' }) { password }: ReauthenticationInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<boolean> {
    await this.closure.deactivate(viewer, password, context, info);
    return true;
  }

  @Mutation(() => AccountErasure, {
    description: 'Deletes you and all that is yours, for good. Nobody gets your username for 30 days.',
  })
  async deleteAccount(
    @Viewer() viewer: Session,
    @Args('input', { description: 'Your password.' }) { password }: ReauthenticationInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccountErasure> {
    return toErasure(await this.closure.delete(viewer, password, context, info));
  }

  @Query(() => AccountErasure, {
    nullable: true,
    description: 'How far the erasure of a deleted account has come; null for a receipt that nobody was given.',
  })
  async accountErasure(
    @Args('receipt', {
      type: () => ID,
      description: 'What deleteAccount answered; what is no receipt at all is BAD_USER_INPUT.',
    })
    receipt: string,
    @Context() context: RequestContext,
  ): Promise<AccountErasure | null> {
    const erasure = await context.query(accountRpc.erasure, { id: receipt }, renamed({ id: 'receipt' }));
    return erasure && toErasure(erasure);
  }
}

const toErasure = ({ id, ...erasure }: Erasure): AccountErasure => ({
  id: globalId('erasure', id),
  receipt: id,
  ...erasure,
});

const withEmail = (user: User | null) => user?.loginMethods.find(({ email }) => email !== undefined);

const methodsOf = (user: User | null): Method[] => [
  ...new Set(user?.loginMethods.flatMap(({ recipeId }) => METHODS[recipeId] ?? [])),
];
