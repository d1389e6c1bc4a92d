import { randomUUID } from 'node:crypto';
import { hasProtectedClaim, readAccessToken, signAccessToken } from './access-token.js';
import { PUBLIC } from './address.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { sha256 } from './hash.js';
import type { JsonObject } from './input.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { findSession, newRefreshToken, toIssuedTokens, toShownSession, type Session } from './session.js';

export const sessions: Recipe = (core) => ({
  'POST /recipe/session': (call) => createSession(core, call),
  'GET /recipe/session': (call) => getSession(core, call),
  'GET /recipe/session/user': (call) => listHandles(core, call),
  'POST /recipe/session/remove': (call) => removeSessions(core, call),
  'POST /recipe/session/regenerate': (call) => regenerate(core, call),
  'PUT /recipe/session/data': (call) => saveSessionData(core, call),
  'PUT /recipe/jwt/data': (call) => savePayload(core, call),
});

const missing = () => status('UNAUTHORISED', { message: 'Session does not exist.' });

// Every id under which the account of $2 may hold sessions; a session may also belong to an id that is no account. The
// first id of a mapped user is not one of them: sessions stand under the external one.
const accountIds = `
  select $2::text union select m.recipe_user_id from login_methods m where m.app_id = $1 and m.user_id in
    (select o.user_id from login_methods o where o.app_id = $1 and (o.recipe_user_id = $2 or o.user_id = $2))`;

async function createSession(core: Core, { app, tenantId, body }: Call) {
  const recipeUserId = body.text('userId');
  const userDataInJWT = claimsOf(body.object('userDataInJWT'));
  const userDataInDatabase = body.object('userDataInDatabase');
  const antiCsrfToken = body.flag('enableAntiCsrf') ? randomUUID() : null;
  const useStaticKey = body.findFlag('useDynamicSigningKey') === false;
  const handle = tenantId === PUBLIC ? randomUUID() : `${randomUUID()}_${tenantId}`;
  const timeCreated = Math.floor(core.now());
  const expiry = timeCreated + app.settings.refreshTokenValidityMs;

  const lineage = { parentHash1: null, antiCsrfToken };
  const refreshToken = await newRefreshToken(core, app, { handle, recipeUserId, tenantId }, lineage);
  const refreshTokenHash2 = sha256(sha256(refreshToken));
  await core.db.rows(
    `insert into sessions (app_id, handle, tenant_id, user_id, refresh_token_hash_2, session_data, jwt_user_payload,
       use_static_key, created_at_time, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      app.id,
      handle,
      tenantId,
      recipeUserId,
      refreshTokenHash2,
      JSON.stringify(userDataInDatabase),
      JSON.stringify(userDataInJWT),
      useStaticKey,
      timeCreated,
      expiry,
    ],
  );
  const [account] = await core.db.rows<{ user_id: string }>(
    'select user_id from login_methods where app_id = $1 and recipe_user_id = $2',
    [app.id, recipeUserId],
  );
  const session: Session = {
    handle,
    recipeUserId,
    tenantId,
    refreshTokenHash2,
    userDataInDatabase,
    userDataInJWT,
    useStaticKey,
    timeCreated,
    expiry,
    userId: account?.user_id ?? recipeUserId,
  };
  return ok(await toIssuedTokens(core, app, session, refreshToken, lineage));
}

async function getSession(core: Core, { app, query }: Call) {
  const session = await findSession(core, app, query.text('sessionHandle'));
  if (!session) return missing();
  const { handle: sessionHandle, refreshTokenHash2: _hash, useStaticKey: _key, ...shown } = session;
  return ok({ sessionHandle, ...shown });
}

async function listHandles(core: Core, { app, query }: Call) {
  const userId = query.text('userId');
  const ofAllAccounts = query.findFlag('fetchSessionsForAllLinkedAccounts') ?? true;
  const rows = await core.db.rows<{ handle: string }>(
    `select handle from sessions where app_id = $1 and expires_at > $4
       and (user_id = $2 or ($3 and user_id in (${accountIds}))) order by created_at_time`,
    [app.id, userId, ofAllAccounts, core.now()],
  );
  return ok({ sessionHandles: rows.map((row) => row.handle) });
}

async function removeSessions(core: Core, { app, body }: Call) {
  const handles = body.findTexts('sessionHandles');
  const userId = body.findText('userId');
  if ((handles === undefined) === (userId === undefined)) {
    throw badInput('Invalid JSON input - use one of userId or sessionHandles array');
  }
  const ofAllAccounts = body.findFlag('revokeSessionsForLinkedAccounts') ?? true;
  if (handles && body.findFlag('revokeAcrossAllTenants') !== undefined) {
    throw badInput('Invalid JSON input - revokeAcrossAllTenants can only be set if userId is set');
  }
  const rows = handles
    ? await core.db.rows<{ handle: string }>(
        'delete from sessions where app_id = $1 and handle = any($2) returning handle',
        [app.id, handles],
      )
    : await core.db.rows<{ handle: string }>(
        `delete from sessions where app_id = $1 and (user_id = $2 or ($3 and user_id in (${accountIds}))) returning handle`,
        [app.id, userId, ofAllAccounts],
      );
  return ok({ sessionHandlesRevoked: rows.map((row) => row.handle) });
}

/** New claims in a token that otherwise stays what it was: same end, same place in the rotation. */
async function regenerate(core: Core, { app, body }: Call) {
  const [token, payload] = [body.text('accessToken'), body.findObject('userDataInJWT')];
  const { value: claims, fault } = readAccessToken(token);
  if (!claims) return status('UNAUTHORISED', { message: fault });
  if (!(await findSession(core, app, claims.sessionHandle))) return missing();
  if (payload && !(await replacePayload(core, app.id, claims.sessionHandle, claimsOf(payload)))) return missing();
  const session = await findSession(core, app, claims.sessionHandle);
  if (!session) return missing();
  if (claims.expiresAt * 1000 <= core.now()) return ok({ session: toShownSession(session) });
  const fresh = { ...claims, userId: session.userId, userData: session.userDataInJWT };
  const accessToken = await signAccessToken(core, app, fresh, session.useStaticKey);
  return ok({ session: toShownSession(session), accessToken });
}

async function saveSessionData(core: Core, { app, body }: Call) {
  const updated = await core.db.rows(
    'update sessions set session_data = $3 where app_id = $1 and handle = $2 and expires_at > $4 returning handle',
    [app.id, body.text('sessionHandle'), JSON.stringify(body.object('userDataInDatabase')), core.now()],
  );
  return updated.length > 0 ? ok() : missing();
}

async function savePayload(core: Core, { app, body }: Call) {
  const payload = claimsOf(body.object('userDataInJWT'));
  return (await replacePayload(core, app.id, body.text('sessionHandle'), payload)) ? ok() : missing();
}

async function replacePayload(core: Core, appId: string, handle: string, payload: JsonObject): Promise<boolean> {
  const updated = await core.db.rows(
    'update sessions set jwt_user_payload = $3 where app_id = $1 and handle = $2 and expires_at > $4 returning handle',
    [appId, handle, JSON.stringify(payload), core.now()],
  );
  return updated.length > 0;
}

function claimsOf(userData: JsonObject): JsonObject {
  if (hasProtectedClaim(userData)) throw badInput('The user payload contains protected field');
  return userData;
}
