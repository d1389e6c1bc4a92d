import type { App } from './apps.js';
import type { Queryable } from './database.js';

/**
 * Whoever joins or parts login methods, or changes the e-mail of one, holds this lock till its transaction ends: what
 * was found free of conflict is still so when it is written.
 */
export async function lockAccounts(tx: Queryable, app: App): Promise<void> {
  await tx.rows(`select pg_advisory_xact_lock(hashtext('auth-core accounts'), hashtext($1))`, [app.id]);
}

/**
 * The primary account, other than this one, that already answers to one of these e-mails or numbers. Third-party
 * identities need no such question: an index lets each belong to one login method only.
 */
export async function findRival(
  db: Queryable,
  app: App,
  accountId: string,
  emails: string[],
  phoneNumbers: string[] = [],
): Promise<string | undefined> {
  const [rival] = await db.rows<{ user_id: string }>(
    `select u.user_id from users u join login_methods m on m.app_id = u.app_id and m.user_id = u.user_id
     where u.app_id = $1 and u.is_primary and u.user_id <> $2 and m.is_in_tenant
       and (m.email = any($3) or m.phone_number = any($4)) order by u.user_id limit 1`,
    [app.id, accountId, emails, phoneNumbers],
  );
  return rival?.user_id;
}

/** Two primary accounts never share an e-mail; an account that is not primary may have any. Takes the lock. */
export function mayTakeEmail(tx: Queryable, app: App, recipeUserId: string, email: string): Promise<boolean> {
  return mayTake(tx, app, recipeUserId, { emails: [email], phoneNumbers: [] });
}

/** Nor do they share a number. Takes the lock. */
export function mayTakePhone(tx: Queryable, app: App, recipeUserId: string, phoneNumber: string): Promise<boolean> {
  return mayTake(tx, app, recipeUserId, { emails: [], phoneNumbers: [phoneNumber] });
}

async function mayTake(
  tx: Queryable,
  app: App,
  recipeUserId: string,
  { emails, phoneNumbers }: { emails: string[]; phoneNumbers: string[] },
): Promise<boolean> {
  await lockAccounts(tx, app);
  const [account] = await tx.rows<{ user_id: string; is_primary: boolean }>(
    `select u.user_id, u.is_primary from login_methods m join users u on u.app_id = m.app_id and u.user_id = m.user_id
     where m.app_id = $1 and m.recipe_user_id = $2`,
    [app.id, recipeUserId],
  );
  return !account?.is_primary || (await findRival(tx, app, account.user_id, emails, phoneNumbers)) === undefined;
}
