import { randomBytes } from 'node:crypto';
import { sha256 } from './hash.js';

/** A secret that is mailed to somebody; only its hash is kept, so that the table alone opens nothing. */
export function newOneTimeToken(): { token: string; hash: string } {
  const token = randomBytes(64).toString('base64url');
  return { token, hash: sha256(token) };
}
