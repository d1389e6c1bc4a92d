import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { PUBLIC } from './address.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import { sha256 } from './hash.js';
import type { Reading } from './jwt-header.js';

export interface RefreshClaims {
  sessionHandle: string;
  userId: string;
  /** Left out for the public tenant. */
  tenantId?: string;
  parentRefreshTokenHash1?: string;
  antiCsrfToken?: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'V2';

/** Opaque to everyone else: what it carries is encrypted and authenticated with the app's own secret. */
export async function sealRefreshToken(
  core: Core,
  app: App,
  { tenantId, ...claims }: RefreshClaims & { tenantId: string },
): Promise<string> {
  const iv = randomBytes(IV_BYTES);
  const nonce = sha256(randomUUID());
  const cipher = createCipheriv('aes-256-gcm', await core.keys.refreshSecret(app), iv);
  const text = JSON.stringify({ ...claims, nonce, ...(tenantId !== PUBLIC && { tenantId }) });
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [sealed.toString('base64'), nonce, VERSION].join('.');
}

const badFormat = (words: string) =>
  `io.supertokens.session.refreshToken.RefreshToken$InvalidRefreshTokenFormatException: ${words}`;

/** What one of our own tokens carries, or in which words another one is refused. */
export async function openRefreshToken(core: Core, app: App, token: string): Promise<Reading<RefreshClaims>> {
  const parts = token.split('.');
  if (parts.at(-1) !== VERSION) return { fault: badFormat('version of refresh token not recognised') };
  if (parts.length !== 3)
    return { fault: badFormat(`Refresh token split with dot yielded an array of length: ${parts.length}`) };
  const [body, nonce] = parts as [string, string, string];
  const sealed = Buffer.from(body, 'base64');
  // @NOTE The text must be the only spelling of its bytes: hashes are taken of the text, so a variant would look stolen.
  if (sealed.length <= IV_BYTES + TAG_BYTES || sealed.toString('base64') !== body)
    return { fault: 'java.lang.IllegalArgumentException: Illegal base64' };
  const claims = unseal(await core.keys.refreshSecret(app), sealed);
  if (!claims) return { fault: 'javax.crypto.AEADBadTagException: Tag mismatch' };
  return claims.nonce === nonce ? { value: claims } : { fault: 'Invalid refresh token' };
}

function unseal(secret: Buffer, sealed: Buffer): (RefreshClaims & { nonce: string }) | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as RefreshClaims & { nonce: string };
  } catch {
    return undefined;
  }
}
