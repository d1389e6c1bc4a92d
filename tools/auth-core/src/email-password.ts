import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { isInvented, markVerified } from './email-verification.js';
import { newOneTimeToken } from './one-time-token.js';
import { hashPassword } from './password.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { sha256 } from './hash.js';
import { currentId, findAccountId, findUser, insertUser, normaliseEmail } from './user.js';

export const emailPassword: Recipe = (core) => ({
  'POST /recipe/signup': (call) => signUp(core, call),
  'POST /recipe/signin': (call) => signIn(core, call),
  'POST /recipe/user/password/reset/token': (call) => createResetToken(core, call),
  'POST /recipe/user/password/reset/token/consume': (call) => consumeResetToken(core, call),
});

async function signUp(core: Core, { app, body }: Call) {
  const email = normaliseEmail(body.text('email'));
  const password = body.text('password');
  if (password === '') throw badInput('Password cannot be an empty string');
  const userId = await insertUser(core, core.db, app, {
    recipeId: 'emailpassword',
    email,
    passwordHash: await hashPassword(password),
  });
  if (userId === undefined) return status('EMAIL_ALREADY_EXISTS_ERROR');
  if (isInvented(email)) await markVerified(core.db, app, userId, email);
  return ok({ user: await findUser(core.db, app, userId), recipeUserId: userId });
}

async function signIn(core: Core, { app, body }: Call) {
  const email = normaliseEmail(body.text('email'));
  const password = body.text('password');
  const [method] = await core.db.rows<{ recipe_user_id: string; password_hash: string }>(
    `select recipe_user_id, password_hash from login_methods where app_id = $1 and email = $2 and recipe_id = 'emailpassword' and is_in_tenant`,
    [app.id, email],
  );
  // Nothing is hashed for an address without an account: what that tells a stranger, the caller has to hide.
  if (!method || !(await core.isPassword(password, method.password_hash))) return status('WRONG_CREDENTIALS_ERROR');
  const user = await findUser(core.db, app, method.recipe_user_id);
  // Between the two reads somebody may have removed the account.
  return user ? ok({ user, recipeUserId: method.recipe_user_id }) : status('WRONG_CREDENTIALS_ERROR');
}

async function createResetToken(core: Core, { app, body }: Call) {
  const userId = await currentId(core.db, app, body.text('userId'));
  if ((await findAccountId(core.db, app, userId)) === undefined) return status('UNKNOWN_USER_ID_ERROR');
  // Read only now, and kept as it came: this is not the address of anybody yet.
  const email = body.text('email');
  const { token, hash } = newOneTimeToken();
  await core.db.rows(
    'insert into password_reset_tokens (app_id, token_hash, user_id, email, expires_at) values ($1, $2, $3, $4, $5)',
    [app.id, hash, userId, email, Math.floor(core.now()) + app.settings.passwordResetTokenLifetimeMs],
  );
  return ok({ token });
}

async function consumeResetToken(core: Core, { app, body }: Call) {
  const hash = sha256(body.text('token'));
  const found = await core.db.transaction(async (tx) => {
    const [row] = await tx.rows<{ user_id: string; email: string; expires_at: number }>(
      'select user_id, email, expires_at from password_reset_tokens where app_id = $1 and token_hash = $2 for update',
      [app.id, hash],
    );
    // One use ends all tokens that were e-mailed to this user, also when this one came too late.
    if (row)
      await tx.rows('delete from password_reset_tokens where app_id = $1 and user_id = $2', [app.id, row.user_id]);
    return row;
  });
  if (!found || found.expires_at <= core.now()) return status('RESET_PASSWORD_INVALID_TOKEN_ERROR');
  return ok({ userId: found.user_id, email: found.email });
}
