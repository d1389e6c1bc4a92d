import {} from '@nestjs/common';
import { Args, Context, Info, Mutation, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { once } from '../api/context/once.js';
import type { RequestContext } from '../api/context/request-context.js';
import { Viewer } from '../api/context/viewer.decorator.js';
import { CredentialsService } from '../auth/login-methods/credentials.service.js';
import type { Session } from '../auth/sessions/session.js';
import { EmailChange } from './account-enums.types.js';
import { ChangeEmailInput, ChangePasswordInput } from './account-inputs.types.js';
import { ChangeEmailPayload, ChangePasswordPayload } from './accounts.types.js';

@Resolver()
export class CredentialsResolver {
  constructor(private readonly credentials: CredentialsService) {}

  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes your password and signs you out everywhere else. An account without a password is CONFLICT (NO_PASSWORD).',
  })
  async changePassword(
    @Viewer() viewer: Session,
    @Args('input', { description: 'The old and the new password.' }) input: ChangePasswordInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ChangePasswordPayload> {
    await once(context, info, input, async () => {
      await this.credentials.changePassword(viewer, input);
      return true;
    });
    context.noteChange();
    return { account: viewer };
  }

  @Mutation(() => ChangeEmailPayload, {
    description: 'Changes your e-mail address, at once or when a link in a mail to the new one is followed.',
  })
  async changeEmail(
    @Viewer() viewer: Session,
    @Args('input', { description: 'The new address, and your password.' }) input: ChangeEmailInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ChangeEmailPayload> {
    const isChanged = await once(context, info, input, () =>
      this.credentials.changeEmail(viewer, input.newEmail, input.password),
    );
    context.noteChange();
    return { outcome: isChanged ? EmailChange.CHANGED : EmailChange.VERIFICATION_SENT, account: viewer };
  }
}
