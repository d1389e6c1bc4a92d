import type { User } from 'supertokens-node';
import EmailVerification from 'supertokens-node/recipe/emailverification';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { TENANT } from '../supertokens/core.js';
import { storeWishedEmail, applyWishedEmail } from './email-change.js';
import { EmailAddress } from './email-uniqueness.service.js';

/** Asks users to show that their address is theirs; without it, if so configured, nothing but /auth works. */
export function emailVerificationRecipe(
  mode: 'OPTIONAL' | 'REQUIRED',
  deps: RecipeDependencies,
): ReturnType<typeof EmailVerification.init> {
  return EmailVerification.init({
    mode,
    emailDelivery: { service: verificationMails(deps) },
    override: {
      functions: (original) => ({
        ...original,
        createEmailVerificationToken: async (input) => {
          const result = await original.createEmailVerificationToken(input);
          if (result.status === 'OK') await storeWishedEmail(input.recipeUserId.getAsString(), input.email);
          return result;
        },
      }),
      apis: (original) => ({
        ...original,
        verifyEmailPOST: async (input) => {
          const result = await original.verifyEmailPOST!(input);
          if (result.status !== 'OK') return result;
          const userId = result.user.recipeUserId.getAsString();
          const isNew = await applyWishedEmail(userId, result.user.email, deps);
          if (isNew && input.session?.getUserId() === userId)
            await input.session.fetchAndSetClaim(EmailVerification.EmailVerificationClaim);
          return result;
        },
      }),
    },
  });
}

/** Mails the link to a new account. The account is there without it, and the link can be asked for again. */
export async function mailVerification(user: User, { config, log }: RecipeDependencies): Promise<void> {
  if (config.EMAIL_VERIFICATION === 'off') return;
  try {
    await EmailVerification.sendEmailVerificationEmail(TENANT, user.id, user.loginMethods[0]!.recipeUserId);
  } catch (error) {
    log.error({ err: error, userId: user.id }, 'no mail to verify the address of a new account');
  }
}

/** Whose address it is nobody knows yet: it may be a stranger's, and gets so many mails and no more, whoever asks for them. */
const verificationMails = ({ limits, mails }: RecipeDependencies) => ({
  sendEmail: async ({ user, emailVerifyLink }: { user: { email: string }; emailVerifyLink: string }): Promise<void> => {
    const email = EmailAddress.parse(user.email);
    await limits.take('mail-to-stranger', { account: email });
    const token = new URL(emailVerifyLink).searchParams.get('token')!;
    await mails.send(email, {
      template: 'verify-email',
      values: { link: mails.link('/auth/verify-email', { token }) },
    });
  },
});
