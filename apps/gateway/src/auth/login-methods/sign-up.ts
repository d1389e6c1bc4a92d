import { deleteUser } from 'supertokens-node';
import EmailPassword, { type RecipeInterface } from 'supertokens-node/recipe/emailpassword';
import { AppError } from '@fowergram/contracts-core';
import { Username } from '@fowergram/contracts-user';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import type { ProfilesService } from '../account-access/profiles.service.js';
import { useOtherLoginMethod } from './email-uniqueness.service.js';
import { signInContext } from '../supertokens/sign-in-context.js';

const TAKEN = 'This username is taken. Please choose another one.';

/** Tells the SDK what is wrong with a username; throws UNAVAILABLE when nobody can tell now. */
export async function checkUsername(value: unknown, profiles: ProfilesService): Promise<string | undefined> {
  const parsed = Username.safeParse(value);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  return (await profiles.isTaken(parsed.data)) ? TAKEN : undefined;
}

/** Makes an account with a password: address, name and account come into being together or not at all. */
export function signUpFunction(original: RecipeInterface, deps: RecipeDependencies): RecipeInterface['signUp'] {
  return async (input) => {
    const context = signInContext(input.userContext);
    const other = await deps.emailUniqueness.otherLoginMethodOf(input.email, 'emailpassword', input.userContext);
    if (other !== undefined) throw fieldError('email', useOtherLoginMethod(other));
    const result = await original.signUp(input);
    if (result.status !== 'OK') return result;
    context.isNewAccount = true;
    const faster = await deps.emailUniqueness.deleteDuplicate(result.user, input.email);
    if (faster !== undefined) throw fieldError('email', useOtherLoginMethod(faster));
    if (context.username !== undefined) await giveProfile(result.user.id, context.username, deps);
    return result;
  };
}

async function giveProfile(userId: string, username: string, { profiles, log }: RecipeDependencies): Promise<void> {
  try {
    await profiles.create(userId, username);
  } catch (error) {
    // Somebody took the name after it was checked: this account must not stay behind without the name that was asked for.
    await deleteUser(userId).catch((failure: unknown) => log.error({ err: failure, userId }, 'account left behind'));
    throw fieldError('username', error instanceof AppError && error.code === 'BAD_USER_INPUT' ? error.message : TAKEN);
  }
}

const fieldError = (id: string, error: string): Error =>
  new EmailPassword.Error({
    type: EmailPassword.Error.FIELD_ERROR,
    message: 'Error in input formFields',
    payload: [{ id, error }],
  });
