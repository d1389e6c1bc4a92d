import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { JsonObject } from './input.js';

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

export interface RefreshClaims {
  sessionHandle: string;
  userId: string;
  tenantId: string;
  parentRefreshTokenHash1?: string;
  antiCsrfToken?: string;
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

export function hasProtectedClaim(userData: JsonObject): boolean {
  return protectedClaims.some((name) => Object.hasOwn(userData, name));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The real core takes up to 5 % off, so that a crowd that signed in together does not come back together. */
export function jitteredExpiry(app: App, nowMs: number): number {
  const validityMs = app.settings.accessTokenValidityMs * (1 - Math.random() * 0.05);
  return Math.max(Math.floor((nowMs + validityMs) / 1000), Math.floor(nowMs / 1000) + 1);
}

export async function signAccessToken(
  core: Core,
  app: App,
  claims: AccessClaims,
  useStaticKey: boolean,
): Promise<IssuedToken> {
  const key = await core.keys.signer(app, useStaticKey ? 'static' : 'dynamic');
  const issuedAt = Math.floor(core.now() / 1000);
  const token = await new SignJWT({
    ...claims.userData,
    sub: claims.userId,
    exp: claims.expiresAt,
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
  return { token, expiry: claims.expiresAt * 1000, createdTime: issuedAt * 1000 };
}

/** Nothing when the token is not ours, was changed, or has expired: the caller cannot distinguish these, nor should it. */
export async function openAccessToken(core: Core, app: App, token: string): Promise<AccessClaims | undefined> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = kid === undefined ? undefined : await core.keys.findVerifier(app, kid);
    if (!key) return undefined;
    await jwtVerify(token, key, { algorithms: ['RS256'], currentDate: new Date(core.now()) });
  } catch (error) {
    if (isTokenFault(error)) return undefined;
    throw error;
  }
  return readAccessToken(token);
}

/** Reads the claims without looking at the signature. */
export function readAccessToken(token: string): AccessClaims | undefined {
  const payload = decodePayload(token);
  if (!payload) return undefined;
  const {
    sub,
    exp,
    iat,
    sessionHandle,
    refreshTokenHash1,
    parentRefreshTokenHash1,
    antiCsrfToken,
    tId,
    rsub,
    ...userData
  } = payload;
  const texts = [sub, sessionHandle, refreshTokenHash1, tId, rsub];
  if (!texts.every((text) => typeof text === 'string') || typeof exp !== 'number' || typeof iat !== 'number')
    return undefined;
  return {
    userId: sub as string,
    recipeUserId: rsub as string,
    tenantId: tId as string,
    sessionHandle: sessionHandle as string,
    refreshTokenHash1: refreshTokenHash1 as string,
    parentRefreshTokenHash1: typeof parentRefreshTokenHash1 === 'string' ? parentRefreshTokenHash1 : null,
    antiCsrfToken: typeof antiCsrfToken === 'string' ? antiCsrfToken : null,
    expiresAt: exp,
    userData,
  };
}

function decodePayload(token: string): JsonObject | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

// jose's own errors and its TypeErrors for text that is no token at all; a failing database is neither.
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && /^ERR_J(WT|WS|OSE)/.test(String(Reflect.get(error, 'code'))))
  );
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const SUFFIX = '.V2';

/** Opaque to everyone else: what it carries is encrypted and authenticated with the app's own secret. */
export async function sealRefreshToken(core: Core, app: App, claims: RefreshClaims): Promise<string> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await core.keys.refreshSecret(app), iv);
  const sealed = Buffer.concat([
    iv,
    cipher.update(JSON.stringify(claims), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return sealed.toString('base64url') + SUFFIX;
}

export async function openRefreshToken(core: Core, app: App, token: string): Promise<RefreshClaims | undefined> {
  const body = token.endsWith(SUFFIX) ? token.slice(0, -SUFFIX.length) : '';
  const sealed = Buffer.from(body, 'base64url');
  // @NOTE The text must be the only spelling of its bytes: hashes are taken of the text, so a variant would look stolen.
  if (sealed.length <= IV_BYTES + TAG_BYTES || sealed.toString('base64url') !== body) return undefined;
  const secret = await core.keys.refreshSecret(app);
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as RefreshClaims;
  } catch {
    return undefined;
  }
}
