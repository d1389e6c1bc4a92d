import { lockAccounts } from './accounts.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { ok } from './route.js';
import { currentId, findAccountId } from './user.js';

/** Removes an account, or one of its login methods, with all that hangs on it; an unknown id is nothing left to do. */
export async function removeUser(core: Core, app: App, anyId: string, allLinked: boolean) {
  await core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const accountId = await findAccountId(tx, app, anyId);
    if (accountId === undefined) return;
    await removeLoginMethods(tx, app, accountId, allLinked ? undefined : await currentId(tx, app, anyId));
  });
  return ok();
}

/** One login method of an account, or all of them. The caller holds the lock of the accounts. */
export async function removeLoginMethods(tx: Queryable, app: App, accountId: string, only?: string): Promise<void> {
  const methods = await tx.rows<{ recipe_user_id: string }>(
    `delete from login_methods where app_id = $1 and user_id = $2 and ($3::text is null or recipe_user_id = $3)
     returning recipe_user_id`,
    [app.id, accountId, only],
  );
  const isAccountGone = await dropOrReage(tx, app, accountId);
  const removedIds = methods.map((method) => method.recipe_user_id);
  await removeSignInData(tx, app, isAccountGone ? [...removedIds, accountId] : removedIds);
  // What belongs to the account itself stays as long as one way to sign in to it does.
  await removeProfileData(
    tx,
    app,
    isAccountGone ? [...removedIds, accountId] : removedIds.filter((id) => id !== accountId),
  );
  // @NOTE Codes and links that are under way stay good, and make a new account, as they do in the real core: whoever
  // deletes an account revokes them.
}

/** After a login method came or went: an account is as old as the oldest of them, and without any it is no more. */
export async function dropOrReage(tx: Queryable, app: App, accountId: string): Promise<boolean> {
  const [left] = await tx.rows<{ time_joined: number | null }>(
    'select min(time_joined) as time_joined from login_methods where app_id = $1 and user_id = $2',
    [app.id, accountId],
  );
  if (left!.time_joined === null) {
    await tx.rows('delete from users where app_id = $1 and user_id = $2', [app.id, accountId]);
    return true;
  }
  await tx.rows('update users set time_joined = $3 where app_id = $1 and user_id = $2', [
    app.id,
    accountId,
    left!.time_joined,
  ]);
  return false;
}

async function removeSignInData(tx: Queryable, app: App, ids: string[]): Promise<void> {
  await tx.rows('delete from sessions where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from password_reset_tokens where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from verified_emails where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from email_verification_tokens where app_id = $1 and user_id = any($2)', [app.id, ids]);
}

async function removeProfileData(tx: Queryable, app: App, ids: string[]): Promise<void> {
  await tx.rows('delete from user_metadata where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from user_roles where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from totp_users where app_id = $1 and user_id = any($2)', [app.id, ids]);
  await tx.rows('delete from user_id_mappings where app_id = $1 and external_user_id = any($2)', [app.id, ids]);
}
