import Passwordless from 'supertokens-node/recipe/passwordless';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { codeChangeFunctions } from './email-change.js';
import { checkEmail, EmailAddress, useOtherLoginMethod } from './email-uniqueness.service.js';
import { signInContext } from '../supertokens/sign-in-context.js';

/** A code and a link by e-mail, either of which signs in, and up where there is no account yet. */
export function passwordlessRecipe(deps: RecipeDependencies): ReturnType<typeof Passwordless.init> {
  return Passwordless.init({
    contactMethod: 'EMAIL',
    flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK',
    validateEmailAddress: checkEmail,
    emailDelivery: { service: codeMails(deps) },
    override: {
      apis: (original) => ({
        ...original,
        // Nobody needs to ask who has an account.
        emailExistsGET: undefined,
        phoneNumberExistsGET: undefined,
        consumeCodePOST: async (input) => {
          const context = signInContext(input.userContext);
          context.method = 'EMAIL_CODE';
          try {
            return await original.consumeCodePOST!(input);
          } catch (error) {
            if (error instanceof SecondAccount) return { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: error.message };
            throw error;
          }
        },
      }),
      functions: (original) => ({
        ...original,
        ...codeChangeFunctions(original, deps),
        consumeCode: async (input) => {
          const result = await original.consumeCode(input);
          if (result.status !== 'OK' || !result.createdNewRecipeUser) return result;
          const other = await deps.emailUniqueness.deleteDuplicate(result.user, result.consumedDevice.email!);
          if (other !== undefined) throw new SecondAccount(useOtherLoginMethod(other));
          signInContext(input.userContext).isNewAccount = true;
          return result;
        },
      }),
    },
  });
}

/** The function below the endpoint has no answer of its own for this. */
class SecondAccount extends Error {}

/** Whoever has another login method gets no code, and the asker learns nothing of it. */
const codeMails = ({ mails, emailUniqueness }: RecipeDependencies) => ({
  sendEmail: async (input: {
    email: string;
    preAuthSessionId: string;
    urlWithLinkCode?: string;
    userInputCode?: string;
  }): Promise<void> => {
    const email = EmailAddress.parse(input.email);
    const other = await emailUniqueness.otherLoginMethodOf(email, 'passwordless');
    if (other !== undefined) return emailUniqueness.mailOtherLoginMethod(email, other);
    const link = mails.link('/auth/verify', { preAuthSessionId: input.preAuthSessionId });
    // Behind the # it is sent to no server, and written in no log.
    const values = { link: `${link}${new URL(input.urlWithLinkCode!).hash}`, code: input.userInputCode! };
    await mails.send(email, { template: 'sign-in-code', values });
  },
});
