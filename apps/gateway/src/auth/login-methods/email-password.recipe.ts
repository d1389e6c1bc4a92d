import EmailPassword, { type APIInterface, type RecipeInterface } from 'supertokens-node/recipe/emailpassword';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { clientOf, requestOf } from '../supertokens/request-client.js';
import { accountKey, addressKey } from '../limits/keys.rules.js';
import { changeFunctions } from './email-change.js';
import { mailVerification } from './email-verification.recipe.js';
import { OneAtATime } from './one-at-a-time.js';
import { passwordFunctions } from './passwords.recipe.js';
import { resetApis, resetFunctions, resetMails } from './password-reset.js';
import { checkEmail } from './email-uniqueness.service.js';
import { signInContext } from '../supertokens/sign-in-context.js';
import { checkUsername, signUpFunction } from './sign-up.js';

/** E-mail and password, with a username chosen at the sign-up. */
export function emailPasswordRecipe(deps: RecipeDependencies): ReturnType<typeof EmailPassword.init> {
  return EmailPassword.init({
    signUpFeature: {
      formFields: [
        { id: 'email', validate: checkEmail },
        { id: 'username', validate: (value: unknown) => checkUsername(value, deps.profiles) },
      ],
    },
    emailDelivery: { service: resetMails(deps) },
    override: {
      apis: (original) => ({ ...original, ...signApis(original, deps), ...resetApis(original, deps) }),
      functions: (original: RecipeInterface) => ({
        ...original,
        ...passwordFunctions(original),
        signUp: signUpFunction(original, deps),
        ...changeFunctions(original, deps),
        ...resetFunctions(original),
      }),
    },
  });
}

function signApis(original: APIInterface, deps: RecipeDependencies): Pick<APIInterface, 'signInPOST' | 'signUpPOST'> {
  const attempts = new OneAtATime();
  return {
    signUpPOST: async (input) => {
      Object.assign(signInContext(input.userContext), {
        method: 'PASSWORD',
        username: String(fieldOf(input.formFields, 'username')),
      });
      const result = await original.signUpPOST!(input);
      if (result.status === 'OK') await mailVerification(result.user, deps);
      return result;
    },
    signInPOST: async (input) => {
      const context = signInContext(input.userContext);
      const result = await attempts.run(attemptKey(input), async () => {
        Object.assign(context, { method: 'PASSWORD', passwordShownAt: Date.now(), passwordWasChecked: false });
        const answer = await original.signInPOST!(input);
        if (answer.status === 'WRONG_CREDENTIALS_ERROR' && !context.passwordWasChecked)
          await deps.decoyAccount.checkInVain(String(fieldOf(input.formFields, 'password')), input.userContext);
        return answer;
      });
      // In the background: known and unknown addresses must not differ in anything, not even in a millisecond.
      if (result.status === 'WRONG_CREDENTIALS_ERROR')
        void noteWrongPassword(String(fieldOf(input.formFields, 'email')), input.userContext, deps);
      return result;
    },
  };
}

/** Guesses at an account from one address are heard in turn, so that many at once cost the core no more than one. */
function attemptKey({ formFields, userContext }: Parameters<NonNullable<APIInterface['signInPOST']>>[0]): string {
  const request = requestOf(userContext);
  return `${accountKey(String(fieldOf(formFields, 'email')))}:${request ? addressKey(request) : ''}`;
}

async function noteWrongPassword(
  email: string,
  userContext: unknown,
  { emailUniqueness, signInHistory, log }: RecipeDependencies,
): Promise<void> {
  const request = requestOf(userContext);
  if (!request) return;
  const client = clientOf(request);
  try {
    const own = (await emailUniqueness.loginMethodsOf(email)).find(
      (loginMethod) => loginMethod.recipeId === 'emailpassword',
    );
    if (own)
      await signInHistory.record({
        userId: own.userId,
        client,
        method: 'PASSWORD',
        outcome: 'WRONG_PASSWORD',
        sessionHandle: null,
      });
  } catch (error) {
    log.warn({ err: error }, 'wrong password not noted');
  }
}

const fieldOf = (fields: { id: string; value: unknown }[], id: string): unknown =>
  fields.find((field) => field.id === id)?.value;
