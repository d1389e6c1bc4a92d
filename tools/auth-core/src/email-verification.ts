import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import type { Input } from './input.js';
import { newOneTimeToken } from './one-time-token.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { sha256 } from './hash.js';
import { normaliseEmail } from './user.js';

export const emailVerification: Recipe = (core) => ({
  'POST /recipe/user/email/verify/token': (call) => createToken(core, call),
  'POST /recipe/user/email/verify': (call) => verifyEmail(core, call),
  'GET /recipe/user/email/verify': async ({ app, query }) =>
    ok({ isVerified: await isVerified(core.db, app, ...readPair(query)) }),
  'POST /recipe/user/email/verify/token/remove': (call) => removeTokens(core, call),
  'POST /recipe/user/email/verify/remove': (call) => unverify(core, call),
});

/** What the SDK makes up when a provider gives no e-mail; nobody could click a link sent there. Asked at a sign-up with a password only. */
export function isInvented(email: string): boolean {
  return /@(stfakeemail\.supertokens\.com|([^@]*\.)?fakeemail\.com)$/.test(email);
}

/** An address is verified for one login method: the same address at another one is still to be proven. */
export async function markVerified(db: Queryable, app: App, userId: string, email: string): Promise<void> {
  await db.rows('insert into verified_emails (app_id, user_id, email) values ($1, $2, $3) on conflict do nothing', [
    app.id,
    userId,
    email,
  ]);
}

async function isVerified(db: Queryable, app: App, userId: string, email: string): Promise<boolean> {
  const rows = await db.rows('select 1 as one from verified_emails where app_id = $1 and user_id = $2 and email = $3', [
    app.id,
    userId,
    email,
  ]);
  return rows.length > 0;
}

async function createToken(core: Core, { app, body }: Call) {
  const [userId, email] = readPair(body);
  if (await isVerified(core.db, app, userId, email)) return status('EMAIL_ALREADY_VERIFIED_ERROR');
  const { token, hash } = newOneTimeToken();
  await core.db.rows(
    'insert into email_verification_tokens (app_id, token_hash, user_id, email, expires_at) values ($1, $2, $3, $4, $5)',
    [app.id, hash, userId, email, Math.floor(core.now()) + app.settings.emailVerificationTokenLifetimeMs],
  );
  return ok({ token });
}

async function verifyEmail(core: Core, { app, body }: Call) {
  if (body.text('method') !== 'token') throw badInput('Unsupported method for email verification');
  const hash = sha256(body.text('token'));
  const verified = await core.db.transaction(async (tx) => {
    const [row] = await tx.rows<{ user_id: string; email: string; expires_at: number }>(
      'select user_id, email, expires_at from email_verification_tokens where app_id = $1 and token_hash = $2 for update',
      [app.id, hash],
    );
    if (!row) return undefined;
    await deleteTokens(tx, app, row.user_id, row.email);
    if (row.expires_at <= core.now()) return undefined;
    await markVerified(tx, app, row.user_id, row.email);
    return row;
  });
  return verified
    ? ok({ userId: verified.user_id, email: verified.email })
    : status('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR');
}

async function removeTokens(core: Core, { app, body }: Call) {
  await deleteTokens(core.db, app, ...readPair(body));
  return ok();
}

async function unverify(core: Core, { app, body }: Call) {
  await core.db.rows('delete from verified_emails where app_id = $1 and user_id = $2 and email = $3', [
    app.id,
    ...readPair(body),
  ]);
  return ok();
}

async function deleteTokens(db: Queryable, app: App, userId: string, email: string): Promise<void> {
  await db.rows('delete from email_verification_tokens where app_id = $1 and user_id = $2 and email = $3', [
    app.id,
    userId,
    email,
  ]);
}

function readPair(input: Input): [userId: string, email: string] {
  return [input.text('userId'), normaliseEmail(input.text('email'))];
}
