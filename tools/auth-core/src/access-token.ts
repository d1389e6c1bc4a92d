import { errors, jwtVerify, SignJWT } from 'jose';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { JsonObject } from './input.js';
import { decodePart, jwtFault, readJwt, stumble, type Reading } from './jwt-header.js';

/** What the access token says beside the app's own claims. */
export interface AccessClaims {
  userId: string;
  recipeUserId: string;
  tenantId: string;
  sessionHandle: string;
  refreshTokenHash1: string;
  parentRefreshTokenHash1: string | null;
  antiCsrfToken: string | null;
  /** Seconds. */
  expiresAt: number;
  userData: JsonObject;
}

export interface IssuedToken {
  token: string;
  expiry: number;
  createdTime: number;
}

const protectedClaims = [
  'sub',
  'exp',
  'iat',
  'sessionHandle',
  'refreshTokenHash1',
  'parentRefreshTokenHash1',
  'antiCsrfToken',
  'tId',
  'rsub',
] as const;

const incomplete = 'Access token does not contain all the information. Maybe the structure has changed?';

export function hasProtectedClaim(userData: JsonObject): boolean {
  return protectedClaims.some((name) => Object.hasOwn(userData, name));
}

/** Without an end of its own the token has its whole life before it. */
export async function signAccessToken(
  core: Core,
  app: App,
  claims: Omit<AccessClaims, 'expiresAt'> & { expiresAt?: number },
  useStaticKey: boolean,
): Promise<IssuedToken> {
  const now = core.now();
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = claims.expiresAt ?? Math.floor((now + app.settings.accessTokenValidityMs) / 1000);
  const key = await core.keys.signer(app, useStaticKey ? 'static' : 'dynamic');
  const token = await new SignJWT({
    ...claims.userData,
    sub: claims.userId,
    exp: expiresAt,
    iat: issuedAt,
    tId: claims.tenantId,
    rsub: claims.recipeUserId,
    sessionHandle: claims.sessionHandle,
    refreshTokenHash1: claims.refreshTokenHash1,
    parentRefreshTokenHash1: claims.parentRefreshTokenHash1,
    antiCsrfToken: claims.antiCsrfToken,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, version: '5' })
    .sign(key.privateKey);
  return { token, expiry: expiresAt * 1000, createdTime: issuedAt * 1000 };
}

/** A token of ours that is still good, or in which words it is refused. */
export async function openAccessToken(
  core: Core,
  app: App,
  token: string,
  needsAntiCsrf: boolean,
): Promise<Reading<AccessClaims>> {
  const parts = readJwt(token);
  if (parts.fault !== undefined) return { fault: jwtFault(parts.fault) };
  const key = await core.keys.findVerifier(app, parts.value.kid);
  if (!key) return { fault: 'Key not found' };
  try {
    await jwtVerify(token, key, { algorithms: ['RS256'], currentDate: new Date(core.now()) });
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { fault: 'Access token expired' };
    if (error instanceof errors.JOSEError) return { fault: jwtFault('JWT verification failed') };
    throw error;
  }
  const claims = readClaims(parts.value.payload);
  if (claims.value && needsAntiCsrf && claims.value.antiCsrfToken === null) return { fault: incomplete };
  return claims;
}

/** Reads the claims without looking at the signature. */
export function readAccessToken(token: string): Reading<AccessClaims> {
  const parts = readJwt(token);
  if (parts.fault !== undefined) throw stumble('JWTException', parts.fault);
  return readClaims(parts.value.payload);
}

function readClaims(part: string): Reading<AccessClaims> {
  const payload = decodePart(part);
  const missing = protectedClaims.find((name) => !Object.hasOwn(payload, name));
  if (missing !== undefined) return { fault: `${incomplete} ${missing}` };
  const {
    sub,
    exp,
    iat: _iat,
    sessionHandle,
    refreshTokenHash1,
    parentRefreshTokenHash1,
    antiCsrfToken,
    tId,
    rsub,
    ...userData
  } = payload;
  const value: AccessClaims = {
    userId: String(sub),
    recipeUserId: String(rsub),
    tenantId: String(tId),
    sessionHandle: String(sessionHandle),
    refreshTokenHash1: String(refreshTokenHash1),
    parentRefreshTokenHash1: typeof parentRefreshTokenHash1 === 'string' ? parentRefreshTokenHash1 : null,
    antiCsrfToken: typeof antiCsrfToken === 'string' ? antiCsrfToken : null,
    expiresAt: Number(exp),
    userData,
  };
  return { value };
}
