import {} from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
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
  ): Promise<ChangePasswordPayload> {
    await this.credentials.changePassword(viewer, input);
    context.noteChange();
    return { account: viewer };
  }

  @Mutation(() => ChangeEmailPayload, {
    description: 'Changes your e-mail address, at once or when a link in a mail to the new one is followed.',
  })
  async changeEmail(
    @Viewer() viewer: Session,
    @Args('input', { description: 'The new address, and your password.' }) { newEmail, password }: ChangeEmailInput,
    @Context() context: RequestContext,
  ): Promise<ChangeEmailPayload> {
    const isChanged = await this.credentials.changeEmail(viewer, newEmail, password);
    context.noteChange();
    return { outcome: isChanged ? EmailChange.CHANGED : EmailChange.VERIFICATION_SENT, account: viewer };
  }
}
