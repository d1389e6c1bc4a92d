import type { LoginMethod } from 'supertokens-node/lib/build/user.js';
import { consumePasswordResetToken, createResetPasswordToken } from 'supertokens-node/recipe/emailpassword';
import { revokeAllCodes } from 'supertokens-node/recipe/passwordless';
import { TENANT } from '../supertokens/core.js';

/** Voids the codes and links for signing in that were sent to an address: the core keeps them by address, and not with an account. */
export async function voidCodes(email: string): Promise<void> {
  await revokeAllCodes({ tenantId: TENANT, email });
}

/** Voids the links for a new password. The core has no request for that, but whoever uses one link voids all that the account has. */
export async function voidResetLinks({ recipeId, recipeUserId, email }: LoginMethod): Promise<void> {
  if (recipeId !== 'emailpassword' || email === undefined) return;
  const made = await createResetPasswordToken(TENANT, recipeUserId.getAsString(), email);
  if (made.status === 'OK') await consumePasswordResetToken(TENANT, made.token);
}
