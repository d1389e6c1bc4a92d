import { lockAccounts } from './accounts.js';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import type { Input } from './input.js';
import { ok, status, type Call, type Recipe } from './route.js';

/**
 * A mapped id takes the place of the first one everywhere, so it is written everywhere: the account is renamed, and the
 * mapping keeps the old name, under which it can still be asked for.
 */
export const userIdMapping: Recipe = (core) => ({
  'POST /recipe/userid/map': (call) => createMapping(core, call),
  'GET /recipe/userid/map': (call) => getMapping(core, call),
  'POST /recipe/userid/map/remove': (call) => removeMapping(core, call),
  'PUT /recipe/userid/external-user-id-info': (call) => updateInfo(core, call),
});

interface Mapping {
  supertokens_user_id: string;
  external_user_id: string;
  external_user_id_info: string | null;
}

type IdType = 'SUPERTOKENS' | 'EXTERNAL' | 'ANY';

const columns = 'supertokens_user_id, external_user_id, external_user_id_info';

async function createMapping(core: Core, { app, body }: Call) {
  const [from, to] = [readName(body, 'superTokensUserId'), readName(body, 'externalUserId')];
  const hasInfo = body.has('externalUserIdInfo') && !body.isNull('externalUserIdInfo');
  const info = hasInfo ? readName(body, 'externalUserIdInfo') : null;
  const force = body.findFlag('force') ?? false;
  return core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const same = await tx.rows<Mapping>(
      `select ${columns} from user_id_mappings where app_id = $1 and (supertokens_user_id = $2 or external_user_id in ($2, $3))`,
      [app.id, from, to],
    );
    const doesSuperTokensUserIdExist = same.some((mapping) => mapping.supertokens_user_id === from);
    const isMappedName = same.some((mapping) => mapping.external_user_id === from);
    if (!doesSuperTokensUserIdExist && (isMappedName || !(await isUserId(tx, app, from)))) {
      return status('UNKNOWN_SUPERTOKENS_USER_ID_ERROR');
    }
    const doesExternalUserIdExist = same.some((mapping) => mapping.external_user_id === to);
    if (doesSuperTokensUserIdExist || doesExternalUserIdExist) {
      return status('USER_ID_MAPPING_ALREADY_EXISTS_ERROR', { doesSuperTokensUserIdExist, doesExternalUserIdExist });
    }
    if (await isUserId(tx, app, to))
      throw badInput('Cannot create a userId mapping where the externalId is also a SuperTokens userID');
    if (!force) await moveVerifiedEmails(tx, app, from, to);
    await rename(tx, app, from, to);
    await tx.rows(`insert into user_id_mappings (app_id, ${columns}) values ($1, $2, $3, $4)`, [
      app.id,
      from,
      to,
      info,
    ]);
    return ok();
  });
}

async function getMapping(core: Core, { app, query }: Call) {
  const mapping = await findMapping(core.db, app, readName(query, 'userId'), readIdType(query));
  if (!mapping) return status('UNKNOWN_MAPPING_ERROR');
  return ok({
    superTokensUserId: mapping.supertokens_user_id,
    externalUserId: mapping.external_user_id,
    externalUserIdInfo: mapping.external_user_id_info ?? undefined,
  });
}

async function removeMapping(core: Core, { app, body }: Call) {
  const [userId, idType] = [readName(body, 'userId'), readIdType(body)];
  const force = body.findFlag('force') ?? false;
  return core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const mapping = await findMapping(tx, app, userId, idType);
    if (!mapping) return ok({ didMappingExist: false });
    const { supertokens_user_id: from, external_user_id: to } = mapping;
    const [use] = force ? [] : await usesOf(tx, app, to);
    if (use) throw inUse(use);
    await tx.rows('delete from user_id_mappings where app_id = $1 and supertokens_user_id = $2', [app.id, from]);
    await rename(tx, app, to, from);
    return ok({ didMappingExist: true });
  });
}

async function updateInfo(core: Core, { app, body }: Call) {
  const [userId, idType] = [readName(body, 'userId'), readIdType(body)];
  const info = body.isNull('externalUserIdInfo') ? null : readName(body, 'externalUserIdInfo');
  const mapping = await findMapping(core.db, app, userId, idType);
  if (!mapping) return status('UNKNOWN_MAPPING_ERROR');
  await core.db.rows(
    'update user_id_mappings set external_user_id_info = $3 where app_id = $1 and supertokens_user_id = $2',
    [app.id, mapping.supertokens_user_id, info],
  );
  return ok();
}

async function findMapping(db: Queryable, app: App, userId: string, idType: IdType): Promise<Mapping | undefined> {
  const [mapping] = await db.rows<Mapping>(
    `select ${columns} from user_id_mappings where app_id = $1
       and ((supertokens_user_id = $2 and $3 <> 'EXTERNAL') or (external_user_id = $2 and $3 <> 'SUPERTOKENS'))
     order by supertokens_user_id = $2 desc limit 1`,
    [app.id, userId, idType],
  );
  return mapping;
}

async function isUserId(db: Queryable, app: App, id: string): Promise<boolean> {
  const rows = await db.rows(
    'select 1 as one from login_methods where app_id = $1 and (recipe_user_id = $2 or user_id = $2) limit 1',
    [app.id, id],
  );
  return rows.length > 0;
}

const recipesWithUserData = {
  Session: 'sessions',
  UserMetadata: 'user_metadata',
  UserRoles: 'user_roles',
  EmailVerification: 'verified_emails',
} as const;

/** The recipes that keep something under an id which is not theirs to rename. */
async function usesOf(
  tx: Queryable,
  app: App,
  userId: string,
  tables: Record<string, string> = recipesWithUserData,
): Promise<string[]> {
  const uses: string[] = [];
  for (const [recipe, table] of Object.entries(tables)) {
    const rows = await tx.rows(`select 1 as one from ${table} where app_id = $1 and user_id = $2 limit 1`, [
      app.id,
      userId,
    ]);
    if (rows.length > 0) uses.push(recipe);
  }
  return uses;
}

// Some addresses are verified by the sign-up itself, so this alone must not keep anybody from being mapped.
async function moveVerifiedEmails(tx: Queryable, app: App, from: string, to: string): Promise<void> {
  const uses = await usesOf(tx, app, from, { ...recipesWithUserData, TOTP: 'totp_devices' });
  const [use] = uses.filter((recipe) => recipe !== 'EmailVerification');
  if (use) throw inUse(use);
  await tx.rows('update verified_emails set user_id = $3 where app_id = $1 and user_id = $2', [app.id, from, to]);
  await tx.rows('update email_verification_tokens set user_id = $3 where app_id = $1 and user_id = $2', [
    app.id,
    from,
    to,
  ]);
}

function inUse(recipe: string) {
  return badInput(`UserId is already in use in ${recipe} recipe`);
}

async function rename(tx: Queryable, app: App, from: string, to: string): Promise<void> {
  const names = [app.id, from, to];
  // The login methods point at their account: it is there under both names while they move.
  await tx.rows(
    `insert into users (app_id, user_id, is_primary, time_joined)
     select app_id, $3, is_primary, time_joined from users where app_id = $1 and user_id = $2`,
    names,
  );
  await tx.rows('update login_methods set user_id = $3 where app_id = $1 and user_id = $2', names);
  await tx.rows('update login_methods set recipe_user_id = $3 where app_id = $1 and recipe_user_id = $2', names);
  await tx.rows('delete from users where app_id = $1 and user_id = $2', [app.id, from]);
  await tx.rows('update password_reset_tokens set user_id = $3 where app_id = $1 and user_id = $2', names);
  await tx.rows('update totp_users set user_id = $3 where app_id = $1 and user_id = $2', names);
}

function readName(input: Input, field: string): string {
  const name = input.text(field).trim();
  if (name === '') throw badInput(`Field name '${field}' cannot be an empty String`);
  return name;
}

function readIdType(input: Input): IdType {
  const type = input.findText('userIdType')?.trim() ?? 'ANY';
  if (type !== 'SUPERTOKENS' && type !== 'EXTERNAL' && type !== 'ANY') {
    throw badInput("Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'");
  }
  return type;
}
