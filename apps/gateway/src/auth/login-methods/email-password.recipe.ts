import EmailPassword, { type APIInterface, type RecipeInterface } from 'supertokens-node/recipe/emailpassword';
import type { AuthParts } from '../supertokens/recipe-dependencies.js';
import { clientOf, requestOf } from '../supertokens/request-client.js';
import { changeFunctions } from './email-change.js';
import { mailVerification } from './email-verification.recipe.js';
import { resetApis, resetFunctions, resetMails } from './password-reset.js';
import { checkEmail } from './email-uniqueness.service.js';
import { signInContext } from '../supertokens/sign-in-context.js';
import { checkUsername, signUpFunction } from './sign-up.js';

/** E-mail and password, with a username chosen at the sign-up. */
export function emailPasswordRecipe(parts: AuthParts): ReturnType<typeof EmailPassword.init> {
  return EmailPassword.init({
    signUpFeature: {
      formFields: [
        { id: 'email', validate: checkEmail },
        { id: 'username', validate: (value: unknown) => checkUsername(value, parts.profiles) },
      ],
    },
    emailDelivery: { service: resetMails(parts) },
    override: {
      apis: (original) => ({ ...original, ...signApis(original, parts), ...resetApis(original, parts) }),
      functions: (original: RecipeInterface) => ({
        ...original,
        signUp: signUpFunction(original, parts),
        ...changeFunctions(original, parts),
        ...resetFunctions(original),
      }),
    },
  });
}

function signApis(original: APIInterface, parts: AuthParts): Pick<APIInterface, 'signInPOST' | 'signUpPOST'> {
  return {
    signUpPOST: async (input) => {
      Object.assign(signInContext(input.userContext), {
        method: 'PASSWORD',
        username: String(fieldOf(input.formFields, 'username')),
      });
      const result = await original.signUpPOST!(input);
      if (result.status === 'OK') await mailVerification(result.user, parts);
      return result;
    },
    signInPOST: async (input) => {
      Object.assign(signInContext(input.userContext), { method: 'PASSWORD', passwordShownAt: Date.now() });
      const result = await original.signInPOST!(input);
      // In the background: known and unknown addresses are to be told apart by nothing, and by no millisecond.
      if (result.status === 'WRONG_CREDENTIALS_ERROR')
        void noteWrongPassword(String(fieldOf(input.formFields, 'email')), input.userContext, parts);
      return result;
    },
  };
}

async function noteWrongPassword(
  email: string,
  userContext: unknown,
  { sameEmail, signIns, log }: AuthParts,
): Promise<void> {
  const request = requestOf(userContext);
  if (!request) return;
  const client = clientOf(request);
  try {
    const own = (await sameEmail.waysOf(email)).find((way) => way.recipeId === 'emailpassword');
    if (own)
      await signIns.record({
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
