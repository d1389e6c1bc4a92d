import { getUser, type RecipeUserId } from 'supertokens-node';
import { type RecipeInterface, updateEmailOrPassword } from 'supertokens-node/recipe/emailpassword';
import { getUserMetadata, updateUserMetadata } from 'supertokens-node/recipe/usermetadata';
import { AppError } from '@fowergram/contracts-core';
import type { AuthParts } from './auth-parts.js';

const TAKEN = { status: 'EMAIL_ALREADY_EXISTS_ERROR' } as const;

/** An address is changed to one that no other account has, in whatever way that one is opened; a change of a password is noted. */
export function changeFunctions(original: RecipeInterface, { passwordChanges, sameEmail }: AuthParts): Pick<RecipeInterface, 'updateEmailOrPassword'> {
  return {
    updateEmailOrPassword: async (input) => {
      const { email, recipeUserId } = input;
      const userId = recipeUserId.getAsString();
      if (email === undefined) {
        const result = await original.updateEmailOrPassword(input);
        if (result.status === 'OK') await passwordChanges.note(userId);
        return result;
      }
      if (await sameEmail.isTaken(email, userId)) return TAKEN;
      const before = await emailOf(recipeUserId);
      const result = await original.updateEmailOrPassword(input);
      if (result.status !== 'OK') return result;
      if (before !== undefined && (await sameEmail.isTaken(email, userId))) {
        await original.updateEmailOrPassword({ ...input, email: before });
        return TAKEN;
      }
      await forgetWish(userId);
      return result;
    },
  };
}

/** Keeps which address somebody wants to change to, until they have shown that it is theirs. */
export async function noteWish(recipeUserId: RecipeUserId, email: string): Promise<void> {
  const present = await emailOf(recipeUserId);
  if (present !== undefined && present !== email.trim().toLowerCase()) await updateUserMetadata(recipeUserId.getAsString(), { wishedEmail: email.trim().toLowerCase() });
}

/** Who has a new password wants nothing to follow that somebody with the former one has begun. */
export async function forgetWish(userId: string): Promise<void> {
  await updateUserMetadata(userId, { wishedEmail: null });
}

/**
 * Makes a verified address that of the account when this was wished, and answers whether it was. The wish counts and not the
 * link: links that were sent to an earlier address are still about, perhaps in the hands of a stranger.
 */
export async function takeWishedEmail(recipeUserId: RecipeUserId, verified: string, { notices }: AuthParts): Promise<boolean> {
  const before = await emailOf(recipeUserId);
  if (before === undefined || before === verified) return false;
  const { metadata } = (await getUserMetadata(recipeUserId.getAsString())) as { metadata: { wishedEmail?: string } };
  if (metadata.wishedEmail !== verified) return false;
  const { status } = await updateEmailOrPassword({ recipeUserId, email: verified });
  if (status === 'EMAIL_ALREADY_EXISTS_ERROR') throw new AppError('CONFLICT', 'This address belongs to another account.', { reason: 'EMAIL_TAKEN' });
  if (status !== 'OK') throw new Error(`The core answered ${status}.`);
  notices.emailChanged(recipeUserId.getAsString(), before, verified);
  return true;
}

/** The address that somebody signs in with by password. */
async function emailOf(recipeUserId: RecipeUserId): Promise<string | undefined> {
  const user = await getUser(recipeUserId.getAsString());
  return user?.loginMethods.find((method) => method.recipeId === 'emailpassword' && method.recipeUserId.getAsString() === recipeUserId.getAsString())?.email;
}
