import {} from '@nestjs/common';
import { Args, Context, ID, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { getUser } from 'supertokens-node';
import { accountRpc, type Erasure, type SignInMethod as Method } from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { AccountClosureService } from './account-closure.service.js';
import { CredentialsService } from '../auth/login-methods/credentials.service.js';
import type { Session } from '../auth/sessions/session.js';
import { Viewer } from '../api/context/viewer.decorator.js';
import { EmailChange } from './account-enums.types.js';
import { ChangeEmailInput, ChangePasswordInput, ReauthenticationInput } from './account-inputs.types.js';
import { AccountErasure, MyAccount } from './accounts.types.js';

const METHODS: Record<string, Method> = {
  emailpassword: 'PASSWORD',
  thirdparty: 'THIRD_PARTY',
  passwordless: 'EMAIL_CODE',
};

@Resolver()
export class MyAccountResolver {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly closure: AccountClosureService,
  ) {}

  @Query(() => MyAccount, { nullable: true, description: 'Your account, with what nobody else sees.' })
  async myAccount(@Viewer() { userId }: Session, @Context() context: RequestContext): Promise<MyAccount> {
    const [user, accountState] = await Promise.all([getUser(userId), context.ask(accountRpc.state, { userId })]);
    const logins = user?.loginMethods ?? [];
    const signInMethods = [...new Set(logins.flatMap(({ recipeId }) => METHODS[recipeId] ?? []))];
    const withEmail = logins.find(({ email }) => email !== undefined);
    return {
      email: withEmail?.email ?? null,
      emailVerified: withEmail?.verified ?? false,
      hasPassword: signInMethods.includes('PASSWORD'),
      signInMethods,
      secondFactor: accountState.secondFactor,
      role: accountState.role,
    };
  }

  @Mutation(() => Boolean, {
    description:
      'Changes your password and signs you out everywhere else; always true. An account without a password is CONFLICT (NO_PASSWORD).',
  })
  async changePassword(
    @Viewer() viewer: Session,
    @Args('input', { description: 'The old and the new password.' }) input: ChangePasswordInput,
  ): Promise<boolean> {
    await this.credentials.changePassword(viewer, input);
    return true;
  }

  @Mutation(() => EmailChange, {
    description: 'Changes your e-mail address, at once or when a link in a mail to the new one is followed.',
  })
  async changeEmail(
    @Viewer() viewer: Session,
    @Args('input', { description: 'The new address, and your password.' }) { newEmail, password }: ChangeEmailInput,
  ): Promise<EmailChange> {
    return (await this.credentials.changeEmail(viewer, newEmail, password))
      ? EmailChange.CHANGED
      : EmailChange.VERIFICATION_SENT;
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

const toErasure = ({ id, ...erasure }: Erasure): AccountErasure => ({ receipt: id, ...erasure });
