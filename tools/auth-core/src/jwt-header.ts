import { CoreError } from './core-error.js';
import { isJsonObject } from './input.js';

/** What was read of a token, or the words in which the real core says why it cannot be. */
export type Reading<Value> = { value: Value; fault?: undefined } | { value?: undefined; fault: string };

export const jwtFault = (words: string) => `io.supertokens.session.jwt.JWT$JWTException: ${words}`;

export interface JwtParts {
  kid: string;
  payload: string;
}

/** Takes a token apart. The real core stumbles over some of what a stranger may send, and then its answer is 500. */
export function readJwt(token: string): Reading<JwtParts> {
  // Java leaves empty parts at the end out.
  const parts = token.replace(/\.+$/, '').split('.');
  if (parts.length !== 3) return { fault: 'Invalid JWT' };
  const [head, payload] = parts as [string, string, string];
  const header = decodePart(head);
  const fault = faultOf(header);
  if (fault !== undefined) return { fault };
  if (!Object.hasOwn(header, 'kid')) throw stumble('NullPointerException', 'the header has no kid');
  return typeof header.kid === 'string' ? { value: { kid: header.kid, payload } } : { fault: mismatch('kid') };
}

/** The object in one of the parts. */
export function decodePart(part: string): Record<string, unknown> {
  const isBase64 = /^[A-Za-z0-9_-]+={0,2}$/.test(part) && part.replaceAll('=', '').length % 4 !== 1;
  if (!isBase64) throw stumble('IllegalArgumentException', 'Illegal base64');
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    if (isJsonObject(value)) return value;
  } catch {
    throw stumble('JsonSyntaxException', 'Not a JSON Object');
  }
  throw stumble('IllegalStateException', 'Not a JSON Object');
}

export function stumble(name: string, words: string): CoreError {
  return new CoreError(500, `${name}: ${words}`);
}

const mismatch = (name: string) => `JWT header mismatch - ${name}`;

function faultOf(header: Record<string, unknown>): string | undefined {
  const needed = { typ: 'JWT', alg: 'RS256' };
  for (const [name, value] of Object.entries(needed)) {
    if (!Object.hasOwn(header, name)) return `JWT header missing - ${name}`;
    if (header[name] !== value) return mismatch(name);
  }
  const isOld = header.version === '1' || header.version === '2';
  if (header.version !== undefined && (typeof header.version !== 'string' || isOld)) return mismatch('version');
  return undefined;
}
