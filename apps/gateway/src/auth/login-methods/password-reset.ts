import { getUser } from 'supertokens-node';
import type { APIInterface, RecipeInterface } from 'supertokens-node/recipe/emailpassword';
import { revokeAllSessionsForUser } from 'supertokens-node/recipe/session';
import { uuidv7 } from 'uuidv7';
import { notificationRpc } from '@fowergram/contracts-notification';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { clearWishedEmail } from './email-change.js';
import { EmailAddress } from './email-uniqueness.service.js';

const INVALID = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' } as const;

/** Sends the link to the address of the account, as the account has it and not as somebody has typed it. */
export const resetMails = ({ mails }: RecipeDependencies) => ({
  sendEmail: async ({
    user,
    passwordResetLink,
  }: {
    user: { email: string };
    passwordResetLink: string;
  }): Promise<void> => {
    const token = new URL(passwordResetLink).searchParams.get('token')!;
    await mails.send(EmailAddress.parse(user.email), {
      template: 'reset-password',
      values: { link: mails.link('/auth/reset-password', { token }) },
    });
  },
});

/** The two halves of a reset: the link by mail, and the new password. */
export function resetApis(
  original: APIInterface,
  deps: RecipeDependencies,
): Pick<APIInterface, 'generatePasswordResetTokenPOST' | 'passwordResetPOST'> {
  return {
    // Whoever asks learns nothing about the address: the answer is the same, also while no mail can be stored.
    generatePasswordResetTokenPOST: async (input) => {
      const email = EmailAddress.parse(input.formFields.find((field) => field.id === 'email')?.value);
      const loginMethods = await deps.emailUniqueness.loginMethodsOf(email, input.userContext);
      if (loginMethods.some((loginMethod) => loginMethod.recipeId === 'emailpassword'))
        await original.generatePasswordResetTokenPOST!(input);
      else if (loginMethods[0]) await deps.emailUniqueness.mailOtherLoginMethod(email, loginMethods[0].name);
      else await refuseWithoutMails(deps);
      return { status: 'OK' };
    },
    passwordResetPOST: async (input) => {
      const result = await original.passwordResetPOST!(input);
      if (result.status !== 'OK') return result;
      await Promise.all([
        revokeAllSessionsForUser(result.user.id, true, undefined, input.userContext),
        clearWishedEmail(result.user.id),
      ]);
      deps.securityEmails.passwordChanged(result.user.id);
      return result;
    },
  };
}

/** A link is good only for the address that the account still has: a mailbox that was given up must not open it. */
export const resetFunctions = (original: RecipeInterface): Pick<RecipeInterface, 'consumePasswordResetToken'> => ({
  consumePasswordResetToken: async (input) => {
    const result = await original.consumePasswordResetToken(input);
    if (result.status !== 'OK') return result;
    const user = await getUser(result.userId, input.userContext);
    return user?.loginMethods.some((method) => method.hasSameEmailAs(result.email)) ? result : INVALID;
  },
});

/** Fails as a mail would, for addresses that get none. */
async function refuseWithoutMails({ bus }: RecipeDependencies): Promise<void> {
  await bus.call(notificationRpc.unreadCount, { recipientId: uuidv7() });
}
