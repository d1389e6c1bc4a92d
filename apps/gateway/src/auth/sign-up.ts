import { deleteUser } from 'supertokens-node';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import { AppError } from '@fowergram/contracts-core';
import { Username } from '@fowergram/contracts-user';
import type { Logger } from '@fowergram/service-kit';
import type { AuthParts } from './auth-parts.js';
import type { Profiles } from './profiles.js';
import { signInContext } from './sign-in-context.js';

const TAKEN = 'This username is taken. Please choose another one.';

/** E-mail and password with a username: the name and the account come into being together or not at all. */
export function emailPasswordRecipe({ profiles, log }: AuthParts): ReturnType<typeof EmailPassword.init> {
  return EmailPassword.init({
    signUpFeature: { formFields: [{ id: 'username', validate: (value: unknown) => checkUsername(value, profiles) }] },
    override: {
      apis: (original) => ({
        ...original,
        // Left alone, the SDK would send these mails, addresses and all, through its maker's servers. They need a mailer of our own.
        generatePasswordResetTokenPOST: undefined,
        passwordResetPOST: undefined,
        signUpPOST: async (input) => {
          signInContext(input.userContext).username = String(input.formFields.find((field) => field.id === 'username')?.value);
          return original.signUpPOST!(input);
        },
      }),
      functions: (original) => ({
        ...original,
        signUp: async (input) => {
          const result = await original.signUp(input);
          const { username } = signInContext(input.userContext);
          if (result.status === 'OK' && username !== undefined) await giveProfile(result.user.id, username, profiles, log);
          return result;
        },
      }),
    },
  });
}

async function checkUsername(value: unknown, profiles: Profiles): Promise<string | undefined> {
  const parsed = Username.safeParse(value);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  return (await profiles.isTaken(parsed.data)) ? TAKEN : undefined;
}

async function giveProfile(userId: string, username: string, profiles: Profiles, log: Logger): Promise<void> {
  try {
    await profiles.create(userId, username);
  } catch (error) {
    // Somebody took the name after it was checked: this account must not stay behind without the name that was asked for.
    await deleteUser(userId).catch((failure: unknown) => log.error({ err: failure, userId }, 'account left behind'));
    const message = error instanceof AppError && error.code === 'BAD_USER_INPUT' ? error.message : TAKEN;
    throw new EmailPassword.Error({ type: EmailPassword.Error.FIELD_ERROR, message: 'Error in input formFields', payload: [{ id: 'username', error: message }] });
  }
}
