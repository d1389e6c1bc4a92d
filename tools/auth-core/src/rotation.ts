import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { openAccessToken, signAccessToken, type AccessClaims } from './access-token.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { sha256 } from './hash.js';
import { openRefreshToken } from './refresh-token.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { findSession, lockSession, newRefreshToken, toIssuedTokens, toShownSession, type Session } from './session.js';

/*
 * Refresh tokens form a tree whose root a session is created with. The row remembers one token, the current parent, by
 * the hash of its hash. Refreshing the parent hands out a child and changes nothing, so a lost answer or a second tab is
 * harmless. The first use of a child, by a request (verify) or by a refresh, makes it the parent: from then on its
 * siblings and ancestors are stolen goods.
 */
export const rotation: Recipe = (core) => ({
  'POST /recipe/session/refresh': (call) => refresh(core, call),
  'POST /recipe/session/verify': (call) => verify(core, call),
});

const unauthorised = (message: string) => status('UNAUTHORISED', { message });
const tryRefresh = (message: string) => status('TRY_REFRESH_TOKEN', { message });

async function refresh(core: Core, { app, body }: Call) {
  const [presented, givenAntiCsrf] = [body.text('refreshToken'), body.findText('antiCsrfToken')];
  const [enableAntiCsrf, useStaticKey] = [body.flag('enableAntiCsrf'), !body.flag('useDynamicSigningKey')];
  const { value: claims, fault } = await openRefreshToken(core, app, presented);
  if (!claims) return unauthorised(fault);
  if (enableAntiCsrf && claims.antiCsrfToken !== undefined && claims.antiCsrfToken !== givenAntiCsrf) {
    return unauthorised('Anti CSRF token missing, or not matching');
  }

  const presentedHash1 = sha256(presented);
  const turn = await core.db.transaction(async (tx) => {
    const session = await lockSession(core, tx, app, claims.sessionHandle);
    if (!session) return undefined;
    const isParent = session.refreshTokenHash2 === sha256(presentedHash1);
    const isChild =
      claims.parentRefreshTokenHash1 !== undefined &&
      session.refreshTokenHash2 === sha256(claims.parentRefreshTokenHash1);
    if (!isParent && !isChild) return { session, isStolen: true };
    if (!isParent) await promote(core, tx, app, session, presentedHash1);
    if (useStaticKey !== session.useStaticKey) {
      session.useStaticKey = useStaticKey;
      await saveKeyKind(tx, app, session);
    }
    return { session, isStolen: false };
  });

  if (!turn) return unauthorised('Session missing in db or has expired');
  const { session } = turn;
  if (turn.isStolen) {
    const { handle, userId, recipeUserId } = session;
    return status('TOKEN_THEFT_DETECTED', { session: { handle, userId, recipeUserId } });
  }
  const lineage = { parentHash1: presentedHash1, antiCsrfToken: enableAntiCsrf ? randomUUID() : null };
  return ok(await toIssuedTokens(core, app, session, await newRefreshToken(core, app, session, lineage), lineage));
}

async function verify(core: Core, { app, body }: Call) {
  const [token, antiCsrfToken] = [body.text('accessToken'), body.findText('antiCsrfToken')];
  const [doAntiCsrfCheck, enableAntiCsrf] = [body.flag('doAntiCsrfCheck'), body.flag('enableAntiCsrf')];
  const checkDatabase = body.flag('checkDatabase');
  const isProtected = enableAntiCsrf && doAntiCsrfCheck;
  const { value: claims, fault } = await openAccessToken(core, app, token, isProtected);
  if (!claims) return tryRefresh(fault);
  if (isProtected && antiCsrfToken !== claims.antiCsrfToken) return tryRefresh('anti-csrf check failed');

  if (claims.parentRefreshTokenHash1 === null) {
    if (!checkDatabase) return ok({ session: sessionOfToken(claims) });
    const stored = await findSession(core, app, claims.sessionHandle);
    if (!stored) return unauthorised(ended);
    if (isDeepStrictEqual(stored.userDataInJWT, claims.userData)) return ok({ session: sessionOfToken(claims) });
  }
  return verifyFirstUse(core, app, claims, checkDatabase);
}

const ended = 'Either the session has ended or has been blacklisted';

async function verifyFirstUse(core: Core, app: App, claims: AccessClaims, checkDatabase: boolean) {
  const { refreshTokenHash1, parentRefreshTokenHash1 } = claims;
  const turn = await core.db.transaction(async (tx) => {
    const session = await lockSession(core, tx, app, claims.sessionHandle);
    if (!session) return undefined;
    const isFirstUse =
      parentRefreshTokenHash1 !== null && session.refreshTokenHash2 === sha256(parentRefreshTokenHash1);
    if (isFirstUse) await promote(core, tx, app, session, refreshTokenHash1);
    return { session, isCurrent: session.refreshTokenHash2 === sha256(refreshTokenHash1) };
  });
  if (!turn) return unauthorised(checkDatabase ? ended : 'Session missing in db');

  const { session, isCurrent } = turn;
  // A branch that lost its place to a sibling keeps its access token until that expires; only its refresh is refused.
  // New claims reach it where the caller wants the database to be looked at, and nowhere else.
  const isStale = checkDatabase && !isDeepStrictEqual(session.userDataInJWT, claims.userData);
  if (!isCurrent && !isStale) return ok({ session: sessionOfToken(claims) });
  const accessToken = await signAccessToken(
    core,
    app,
    {
      ...claims,
      userId: session.userId,
      userData: session.userDataInJWT,
      parentRefreshTokenHash1: null,
      expiresAt: undefined,
    },
    session.useStaticKey,
  );
  return ok({ session: toShownSession(session), accessToken });
}

async function promote(
  core: Core,
  tx: Queryable,
  app: App,
  session: Session,
  refreshTokenHash1: string,
): Promise<void> {
  session.refreshTokenHash2 = sha256(refreshTokenHash1);
  session.expiry = Math.floor(core.now()) + app.settings.refreshTokenValidityMs;
  await tx.rows('update sessions set refresh_token_hash_2 = $3, expires_at = $4 where app_id = $1 and handle = $2', [
    app.id,
    session.handle,
    session.refreshTokenHash2,
    session.expiry,
  ]);
}

async function saveKeyKind(tx: Queryable, app: App, session: Session): Promise<void> {
  await tx.rows('update sessions set use_static_key = $3 where app_id = $1 and handle = $2', [
    app.id,
    session.handle,
    session.useStaticKey,
  ]);
}

function sessionOfToken(claims: AccessClaims) {
  return {
    handle: claims.sessionHandle,
    userId: claims.userId,
    recipeUserId: claims.recipeUserId,
    userDataInJWT: claims.userData,
    tenantId: claims.tenantId,
  };
}
