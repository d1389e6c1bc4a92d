import { randomUUID } from 'node:crypto';
import { PUBLIC } from './address.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';

export type LoginRecipe = 'emailpassword' | 'thirdparty' | 'passwordless';

interface MethodRow {
  user_id: string;
  is_primary: boolean;
  recipe_user_id: string;
  recipe_id: LoginRecipe;
  email: string | null;
  phone_number: string | null;
  third_party_id: string | null;
  third_party_user_id: string | null;
  time_joined: number;
  verified: boolean;
  is_in_tenant: boolean;
}

export type User = ReturnType<typeof toUser>;

/** Users by their account ids, in the order asked for. */
export async function loadUsers(db: Queryable, app: App, userIds: string[]): Promise<User[]> {
  if (userIds.length === 0) return [];
  const rows = await db.rows<MethodRow>(
    `select u.user_id, u.is_primary, m.recipe_user_id, m.recipe_id, m.email, m.phone_number, m.third_party_id,
       m.third_party_user_id, m.time_joined, v.email is not null as verified, m.is_in_tenant
     from users u
     join login_methods m on m.app_id = u.app_id and m.user_id = u.user_id
     left join verified_emails v on v.app_id = m.app_id and v.user_id = m.recipe_user_id and v.email = m.email
     where u.app_id = $1 and u.user_id = any($2)
     order by m.time_joined, m.recipe_user_id`,
    [app.id, userIds],
  );
  const methodsOf = new Map<string, MethodRow[]>();
  for (const row of rows) {
    const methods = methodsOf.get(row.user_id);
    if (methods) methods.push(row);
    else methodsOf.set(row.user_id, [row]);
  }
  return userIds.flatMap((userId) => {
    const methods = methodsOf.get(userId);
    return methods ? [toUser(methods)] : [];
  });
}

/** By the id of the account or of any of its login methods. */
export async function findUser(db: Queryable, app: App, anyId: string): Promise<User | undefined> {
  const userId = await findAccountId(db, app, anyId);
  const [user] = userId === undefined ? [] : await loadUsers(db, app, [userId]);
  return user;
}

export async function findAccountId(db: Queryable, app: App, anyId: string): Promise<string | undefined> {
  const [row] = await db.rows<{ user_id: string }>(
    `with given as (select array[$2, (select external_user_id from user_id_mappings
       where app_id = $1 and supertokens_user_id = $2)] as ids)
     select user_id from login_methods, given where app_id = $1 and (recipe_user_id = any(ids) or user_id = any(ids)) limit 1`,
    [app.id, anyId],
  );
  return row?.user_id;
}

/** The id that stands in the tables: an external one may have been mapped over the one that an account was made with. */
export async function currentId(db: Queryable, app: App, anyId: string): Promise<string> {
  const [row] = await db.rows<{ external_user_id: string }>(
    'select external_user_id from user_id_mappings where app_id = $1 and supertokens_user_id = $2',
    [app.id, anyId],
  );
  return row?.external_user_id ?? anyId;
}

export interface NewLoginMethod {
  recipeId: LoginRecipe;
  email?: string;
  phoneNumber?: string;
  thirdPartyId?: string;
  thirdPartyUserId?: string;
  passwordHash?: string;
}

/** Adds an account with one login method; nothing when somebody has that e-mail, number or identity already. */
export async function insertUser(
  core: Core,
  db: Queryable,
  app: App,
  method: NewLoginMethod,
): Promise<string | undefined> {
  // @NOTE One statement, so the unique indexes decide: no account is left without a login method when two sign up at once.
  const [row] = await db.rows<{ user_id: string }>(
    `with method as (
       insert into login_methods (app_id, recipe_user_id, user_id, recipe_id, email, phone_number, third_party_id,
         third_party_user_id, password_hash, time_joined)
       values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning app_id, user_id, time_joined)
     insert into users (app_id, user_id, time_joined) select app_id, user_id, time_joined from method returning user_id`,
    [
      app.id,
      randomUUID(),
      method.recipeId,
      method.email,
      method.phoneNumber,
      method.thirdPartyId,
      method.thirdPartyUserId,
      method.passwordHash,
      Math.floor(core.now()),
    ],
  );
  return row?.user_id;
}

export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

function toUser(rows: MethodRow[]) {
  const methods = rows.map(toLoginMethod);
  return {
    id: rows[0]!.user_id,
    isPrimaryUser: rows[0]!.is_primary,
    tenantIds: tenantsOf(rows.some((row) => row.is_in_tenant)),
    timeJoined: methods[0]!.timeJoined,
    emails: unique(rows.map((row) => row.email)),
    phoneNumbers: unique(rows.map((row) => row.phone_number)),
    thirdParty: methods.flatMap((method) => (method.thirdParty ? [method.thirdParty] : [])),
    webauthn: { credentialIds: [] },
    loginMethods: methods,
  };
}

// The interface wants absent fields left out, not null.
function toLoginMethod(row: MethodRow) {
  return {
    tenantIds: tenantsOf(row.is_in_tenant),
    recipeUserId: row.recipe_user_id,
    // Nothing is left to prove of a number: whoever signed in with it read the message.
    verified: row.verified || row.email === null,
    timeJoined: row.time_joined,
    recipeId: row.recipe_id,
    email: row.email ?? undefined,
    phoneNumber: row.phone_number ?? undefined,
    thirdParty:
      row.third_party_id !== null && row.third_party_user_id !== null
        ? { id: row.third_party_id, userId: row.third_party_user_id }
        : undefined,
  };
}

const tenantsOf = (isInTenant: boolean) => (isInTenant ? [PUBLIC] : []);

function unique(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
