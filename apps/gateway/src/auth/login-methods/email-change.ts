import { getUser, type RecipeUserId } from 'supertokens-node';
import type { LoginMethod } from 'supertokens-node/lib/build/user.js';
import {
  type RecipeInterface as PasswordFunctions,
  updateEmailOrPassword,
} from 'supertokens-node/recipe/emailpassword';
import { type RecipeInterface as CodeFunctions, updateUser } from 'supertokens-node/recipe/passwordless';
import { getUserMetadata, updateUserMetadata } from 'supertokens-node/recipe/usermetadata';
import { AppError } from '@fowergram/contracts-core';
import { voidCodes, voidResetLinks } from './mailed-credentials.js';
import { normalizePassword } from './passwords.recipe.js';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';

const TAKEN = { status: 'EMAIL_ALREADY_EXISTS_ERROR' } as const;

/** A login method whose address is the account's own. That of a provider is the provider's. */
export type EmailLogin = LoginMethod & { recipeId: 'emailpassword' | 'passwordless'; email: string };

/** Undefined for accounts that are opened by a provider. */
export async function emailLoginOf(userId: string): Promise<EmailLogin | undefined> {
  const user = await getUser(userId);
  return user?.loginMethods.find(
    (method): method is EmailLogin => method.recipeId !== 'thirdparty' && method.email !== undefined,
  );
}

/** Gives a login method another address; throws CONFLICT, with the path of the input if there is one, when another account has it. */
export async function changeEmail(
  { recipeId, recipeUserId }: EmailLogin,
  email: string,
  path?: string[],
): Promise<void> {
  const change = { recipeUserId, email };
  const { status } = recipeId === 'passwordless' ? await updateUser(change) : await updateEmailOrPassword(change);
  if (status === TAKEN.status) throw emailTaken(path);
  if (status !== 'OK') throw new Error(`The core answered ${status}.`);
}

export const emailTaken = (path?: string[]): AppError =>
  new AppError('CONFLICT', 'This address belongs to another account.', {
    reason: 'EMAIL_TAKEN',
    ...(path && { path }),
  });

/** A changed password is recorded; an address is changed as below. */
export function changeFunctions(
  original: PasswordFunctions,
  deps: RecipeDependencies,
): Pick<PasswordFunctions, 'updateEmailOrPassword'> {
  return {
    updateEmailOrPassword: async (input) => {
      const { email, recipeUserId } = input;
      if (email !== undefined)
        return changeToFree(recipeUserId, email, deps, (to) => original.updateEmailOrPassword({ ...input, email: to }));
      return deps.passwordChanges.record(recipeUserId.getAsString(), () =>
        original.updateEmailOrPassword(
          input.password === undefined ? input : { ...input, password: normalizePassword(input.password) },
        ),
      );
    },
  };
}

export function codeChangeFunctions(
  original: CodeFunctions,
  deps: RecipeDependencies,
): Pick<CodeFunctions, 'updateUser'> {
  return {
    updateUser: (input) =>
      typeof input.email === 'string'
        ? changeToFree(input.recipeUserId, input.email, deps, (to) => original.updateUser({ ...input, email: to }))
        : original.updateUser(input),
  };
}

/** Changes an address to one that no other account has, in whatever way that one is opened. */
async function changeToFree<Result extends { status: string }>(
  recipeUserId: RecipeUserId,
  email: string,
  { emailUniqueness }: RecipeDependencies,
  change: (to: string) => Promise<Result>,
): Promise<Result | typeof TAKEN> {
  const userId = recipeUserId.getAsString();
  if (await emailUniqueness.isTaken(email, userId)) return TAKEN;
  const before = await emailLoginOf(userId);
  if (before) await voidMailedTo(before);
  const result = await change(email);
  if (result.status !== 'OK') return result;
  if (before !== undefined && (await emailUniqueness.isTaken(email, userId))) {
    await change(before.email);
    return TAKEN;
  }
  await clearWishedEmail(userId);
  return result;
}

/** What was sent to an address that the account gives up opens neither this account nor a new one. */
async function voidMailedTo(login: EmailLogin): Promise<void> {
  await voidResetLinks(login);
  await voidCodes(login.email);
}

/** Stores which address somebody wants to change to, until they have shown that it is theirs. */
export async function storeWishedEmail(userId: string, email: string): Promise<void> {
  const login = await emailLoginOf(userId);
  const wishedEmail = email.trim().toLowerCase();
  if (login && login.email !== wishedEmail) await updateUserMetadata(userId, { wishedEmail });
}

/** Who has a new password wants nothing to follow that somebody with the former one has begun. */
export async function clearWishedEmail(userId: string): Promise<void> {
  await updateUserMetadata(userId, { wishedEmail: null });
}

/**
 * Makes a verified address that of the account when this was wished, and answers whether it was. The wish counts and not the
 * link: links that were sent to an earlier address are still about, perhaps in the hands of a stranger.
 */
export async function applyWishedEmail(
  userId: string,
  verified: string,
  { securityEmails }: RecipeDependencies,
): Promise<boolean> {
  const login = await emailLoginOf(userId);
  if (!login || login.email === verified) return false;
  const { metadata } = (await getUserMetadata(userId)) as { metadata: { wishedEmail?: string } };
  if (metadata.wishedEmail !== verified) return false;
  await changeEmail(login, verified);
  securityEmails.emailChanged(userId, login.email, verified);
  return true;
}
