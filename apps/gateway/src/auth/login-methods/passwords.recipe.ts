import type { RecipeInterface } from 'supertokens-node/recipe/emailpassword';
import { defaultPasswordValidator } from 'supertokens-node/lib/build/recipe/emailpassword/utils.js';
import { signInContext } from '../supertokens/sign-in-context.js';

type Functions = Pick<RecipeInterface, 'createNewRecipeUser' | 'verifyCredentials'>;

/** One password, however a keyboard composes it: é is one character on one system and two on another. */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

/** What the SDK will refuse a new password for, which is asked before anything is done for the change. */
export const problemOfPassword = (password: string): Promise<string | undefined> =>
  defaultPasswordValidator(normalizePassword(password));

/** Passwords are hashed in one form, and checked in the form that they were hashed in. */
export const passwordFunctions = (original: RecipeInterface): Functions => ({
  createNewRecipeUser: (input) =>
    original.createNewRecipeUser({ ...input, password: normalizePassword(input.password) }),
  verifyCredentials: async (input) => {
    signInContext(input.userContext).passwordWasChecked = true;
    const password = normalizePassword(input.password);
    const result = await original.verifyCredentials({ ...input, password });
    if (result.status !== 'WRONG_CREDENTIALS_ERROR' || password === input.password) return result;
    // Hashes from before passwords were normalised are of what was typed.
    return original.verifyCredentials(input);
  },
});
