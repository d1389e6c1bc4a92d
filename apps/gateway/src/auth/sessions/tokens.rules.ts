import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { AppError } from '@fowergram/contracts-core';
import { ACCESS_TOKEN_LIFE_MS } from '@fowergram/contracts-user';

const ACCESS_COOKIE = /(?:^|;\s*)sAccessToken=([^;]+)/g;

/** The token of an Authorization header; undefined without one, and for another scheme, which is the business of a proxy in front. */
export function bearerToken(header: unknown): string | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const [scheme = '', ...rest] = header.trim().split(/ +/);
  if (scheme.toLowerCase() === 'bearer') return rest.join(' ');
  // A token whose scheme was forgotten is a bad one: taken for nothing, it would make a visitor of its sender.
  return rest.length === 0 ? scheme : undefined;
}

/** The bearer token of a request, whose scheme is written as the SDK reads it from then on: to it `bearer` is no token at all. */
export function spellScheme({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = bearerToken(headers.authorization);
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  return token;
}

/** The access tokens among the cookies: more than one when an old cookie of another domain is still there. */
export function accessCookies(header: string | undefined): string[] {
  return header === undefined ? [] : [...header.matchAll(ACCESS_COOKIE)].map((match) => match[1]!);
}

/** Of two tokens Node keeps the first, and a proxy in front may have looked at the second: nobody is served on a guess. */
export function refuseTwoTokens({ raw }: Pick<FastifyRequest, 'raw'>): void {
  if (raw.headers.authorization !== undefined && countOf(raw, 'authorization') > 1)
    throw new AppError('BAD_USER_INPUT', 'Send one Authorization header.');
}

/** How often a request has a header. */
export function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  return rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name).length;
}

/** The key that a token names, without any proof: null when its header names none; undefined when it is no token at all. */
export function keyIdOf(token: string): string | null | undefined {
  const header = readPart(token, 0);
  if (!header) return undefined;
  return typeof header.kid === 'string' ? header.kid : null;
}

/** Whether a token says of itself that it is over; true also for one that says nothing of it. */
export function hasExpired(token: string): boolean {
  const exp = readPart(token, 1)?.exp;
  return typeof exp !== 'number' || exp * 1_000 < Date.now();
}

/** Whether a token is worth nothing any more by its age alone: it has expired, or is older than any token may be. */
export function isOver(token: string): boolean {
  const iat = readPart(token, 1)?.iat;
  return hasExpired(token) || typeof iat !== 'number' || iat * 1_000 + ACCESS_TOKEN_LIFE_MS <= Date.now();
}

function readPart(token: string, index: number): Record<string, unknown> | undefined {
  try {
    const part: unknown = JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());
    return typeof part === 'object' && part !== null ? (part as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
