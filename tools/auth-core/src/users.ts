import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Input } from './input.js';
import { stumble } from './jwt-header.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { removeUser } from './user-removal.js';
import { normalisePhone } from './phone.js';
import { findUser, loadUsers, normaliseEmail } from './user.js';

export const users: Recipe = (core) => ({
  'GET /user/id': (call) => getUser(core, call),
  'GET /users': (call) => listUsers(core, call),
  'GET /users/count': (call) => countUsers(core, call),
  'GET /users/by-accountinfo': (call) => listByAccountInfo(core, call),
  'POST /user/remove': ({ app, body }) =>
    removeUser(core, app, body.text('userId'), body.findFlag('removeAllLinkedAccounts') ?? true),
});

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;
const SEARCH_LIMIT = 1000;
const recipeIds = new Set(['emailpassword', 'thirdparty', 'passwordless', 'webauthn']);

async function getUser(core: Core, { app, query }: Call) {
  const user = await findUser(core.db, app, query.text('userId'));
  return user ? ok({ user }) : status('UNKNOWN_USER_ID_ERROR');
}

interface PageRow {
  user_id: string;
  time_joined: number;
}

const pageFilter = `
  from users u where u.app_id = $1 and exists (select 1 from login_methods m
      where m.app_id = u.app_id and m.user_id = u.user_id and m.is_in_tenant)
    and ($2::text[] is null or exists (select 1 from login_methods m
      where m.app_id = u.app_id and m.user_id = u.user_id and m.recipe_id = any($2)))
    and ($3::text[] is null or exists (select 1 from login_methods m
      where m.app_id = u.app_id and m.user_id = u.user_id and m.email like any($3)))
    and ($4::text[] is null or exists (select 1 from login_methods m
      where m.app_id = u.app_id and m.user_id = u.user_id and m.phone_number like any($4)))
    and ($5::text[] is null or exists (select 1 from login_methods m
      where m.app_id = u.app_id and m.user_id = u.user_id and m.third_party_id like any($5)))`;

async function listUsers(core: Core, { app, query }: Call) {
  const isNewestFirst = readOrder(query) === 'DESC';
  const from = readPaginationToken(query.findText('paginationToken'));
  const [email, phone, provider] = [
    readSearch(query, 'email'),
    readSearch(query, 'phone'),
    readSearch(query, 'provider'),
  ];
  // A search is one page, however many were asked for.
  const isSearch = email !== undefined || phone !== undefined || provider !== undefined;
  const limit = readLimit(query, isSearch);
  const size = isSearch ? SEARCH_LIMIT : limit;
  const rows = await core.db.rows<PageRow>(
    `select u.user_id, u.time_joined ${pageFilter}
       and ($6::bigint is null or (u.time_joined, u.user_id) ${isNewestFirst ? '<=' : '>='} ($6, $7))
     order by u.time_joined ${isNewestFirst ? 'desc' : 'asc'}, u.user_id ${isNewestFirst ? 'desc' : 'asc'} limit $8`,
    [app.id, readRecipeIds(query), email, phone, provider, from?.timeJoined, from?.userId, size + 1],
  );
  const next = isSearch ? undefined : rows[size];
  const page = await loadUsers(
    core.db,
    app,
    rows.slice(0, size).map((row) => row.user_id),
  );
  return ok({ users: page, ...(next && { nextPaginationToken: toPaginationToken(next) }) });
}

async function countUsers(core: Core, { app, query }: Call) {
  const [row] = await core.db.rows<{ count: number }>(
    `select count(*) as count from users u where u.app_id = $1 and exists (select 1 from login_methods m
       where m.app_id = u.app_id and m.user_id = u.user_id and m.is_in_tenant
         and ($2::text[] is null or m.recipe_id = any($2)))`,
    [app.id, readRecipeIds(query)],
  );
  return ok({ count: row!.count });
}

async function listByAccountInfo(core: Core, { app, query }: Call) {
  const isUnion = readUnion(query);
  const email = query.findText('email');
  const phoneNumber = query.findText('phoneNumber');
  const thirdPartyId = query.findText('thirdPartyId');
  const thirdPartyUserId = query.findText('thirdPartyUserId');
  if ((thirdPartyId === undefined) !== (thirdPartyUserId === undefined)) {
    throw badInput("If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice versa");
  }
  const values: string[] = [];
  const parameter = (value: string) => `$${values.push(value) + 1}`;
  const conditions: string[] = [];
  if (email !== undefined) conditions.push(`email = ${parameter(normaliseEmail(email))}`);
  if (phoneNumber !== undefined) conditions.push(`phone_number = ${parameter(normalisePhone(phoneNumber))}`);
  if (thirdPartyId !== undefined && thirdPartyUserId !== undefined) {
    conditions.push(
      `third_party_id = ${parameter(thirdPartyId)} and third_party_user_id = ${parameter(thirdPartyUserId)}`,
    );
  }
  // The real core looks into what it did not find, and nobody has a passkey here.
  if (query.findText('webauthnCredentialId') !== undefined) throw stumble('NullPointerException', 'no such credential');
  if (conditions.length === 0) return ok({ users: [] });
  // Sets of accounts, so that "and" is asked of the whole account and not of one of its login methods.
  const sets = conditions.map(
    (condition) => `select distinct user_id from login_methods where app_id = $1 and is_in_tenant and ${condition}`,
  );
  const rows = await core.db.rows<{ user_id: string }>(sets.join(isUnion ? ' union ' : ' intersect '), [
    app.id,
    ...values,
  ]);
  const found = await loadUsers(
    core.db,
    app,
    rows.map((row) => row.user_id),
  );
  return ok({ users: found.sort((a, b) => a.timeJoined - b.timeJoined || (a.id < b.id ? -1 : 1)) });
}

function readUnion(query: Input): boolean {
  const word = query.text('doUnionOfAccountInfo');
  if (word !== 'true' && word !== 'false') throw badInput("'doUnionOfAccountInfo' should be either 'true' or 'false'");
  return word === 'true';
}

function readLimit(query: Input, isSearch: boolean): number {
  const limit = query.findNumber('limit') ?? DEFAULT_LIMIT;
  if (limit > MAX_LIMIT && !isSearch) throw badInput(`max limit allowed is ${MAX_LIMIT}`);
  if (limit < 1) throw badInput('limit must a positive integer with min value 1');
  return limit;
}

function readOrder(query: Input): 'ASC' | 'DESC' {
  const order = query.findText('timeJoinedOrder') ?? 'ASC';
  if (order !== 'ASC' && order !== 'DESC') throw badInput('timeJoinedOrder can be either ASC OR DESC');
  return order;
}

function readRecipeIds(query: Input): string[] | undefined {
  const ids = query
    .findText('includeRecipeIds')
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const unknown = ids?.find((id) => !recipeIds.has(id));
  if (unknown !== undefined) throw badInput(`Unknown recipe ID: ${unknown}`);
  return ids?.length ? ids : undefined;
}

/** The words of a dashboard search, as patterns: the beginning of the value, of an e-mail's domain, of a number after its +. */
function readSearch(query: Input, name: 'email' | 'phone' | 'provider'): string[] | undefined {
  const words = query
    .findText(name)
    ?.split(';')
    .map((word) => word.trim().toLowerCase())
    .filter(Boolean);
  if (!words?.length) return undefined;
  const beginnings = words.map((word) => `${word.replace(/[\\%_]/g, '\\$&')}%`);
  const otherStart = { email: '%@', phone: '+', provider: '' }[name];
  return beginnings.flatMap((beginning) => [beginning, otherStart + beginning]);
}

function toPaginationToken(row: PageRow): string {
  return Buffer.from(`${row.user_id};${row.time_joined}`).toString('base64');
}

function readPaginationToken(token: string | undefined): { userId: string; timeJoined: number } | undefined {
  if (token === undefined) return undefined;
  const parts = /^([^;\0]+);(\d{1,15})$/.exec(Buffer.from(token, 'base64').toString());
  if (!parts) throw badInput('invalid pagination token');
  return { userId: parts[1]!, timeJoined: Number(parts[2]) };
}
