import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Error as AuthError } from 'supertokens-node';
import { Error as SessionError, getSession, getSessionWithoutRequestResponse } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { CONFIG, type Config } from '../config.js';
import { Revocations } from '../realtime/revocations.js';
import { CoreProbe } from './core.js';
import type { Session } from './session.js';

const KEPT_TOKENS = 50_000;
/** So close to its end a token is looked at again instead of being remembered. */
const MARGIN_MS = 5_000;
const ACCESS_COOKIE = /(?:^|;\s*)sAccessToken=([^;]+)/g;

interface Claims {
  exp: number;
  parentRefreshTokenHash1: string | null;
}
interface VerifiedSession {
  getUserId(): string;
  getHandle(): string;
  getAccessToken(): string;
  getAccessTokenPayload(): unknown;
}

/**
 * Tells whose request it is. A token is verified by the SDK when it comes for the first time, and after that recognised by its
 * hash until shortly before it expires. What is unusual (a token fresh from a refresh, cookies without the header that proves
 * a script sent them) goes through the SDK every time.
 */
@Injectable()
export class Sessions {
  private readonly verified = new LRUCache<string, Session>({ max: KEPT_TOKENS });
  private readonly core: CoreProbe;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.core = new CoreProbe(config.SUPERTOKENS_CONNECTION_URI);
  }

  /** The session of a request, or null when it brings none; throws the SDK's error for one that is over or false. */
  async ofRequest(request: FastifyRequest, reply: FastifyReply): Promise<Session | null> {
    const bearer = bearerToken(request.headers.authorization);
    const cookies = accessCookies(request.headers.cookie);
    if (bearer === undefined && cookies.length === 0) return null;
    const token = bearer ?? (cookies.length === 1 && request.headers.rid !== undefined ? cookies[0] : undefined);
    const known = token === undefined ? undefined : this.recall(token);
    if (known) return known;
    const session = await this.ask(bearer ?? cookies[0]!, () => getSession(request, reply, { sessionRequired: false }));
    return session ? this.accept(session, token) : null;
  }

  /** The session of a token that came by another road than a request; throws as ofRequest does, also when it is no token at all. */
  async ofToken(token: string): Promise<Session> {
    const known = this.recall(token);
    if (known) return known;
    const session = await this.ask(token, () => getSessionWithoutRequestResponse(token, undefined, { antiCsrfCheck: false }));
    return this.accept(session, token);
  }

  private recall(token: string): Session | undefined {
    const session = this.verified.get(keyOf(token));
    if (!session || session.expiresAt - MARGIN_MS < Date.now()) return undefined;
    this.refuseRevoked(session.handle);
    return session;
  }

  private accept(verified: VerifiedSession, token: string | undefined): Session {
    const { exp, parentRefreshTokenHash1 } = verified.getAccessTokenPayload() as Claims;
    const session = { userId: verified.getUserId(), handle: verified.getHandle(), expiresAt: exp * 1_000 };
    this.refuseRevoked(session.handle);
    if (token !== undefined && parentRefreshTokenHash1 === null && verified.getAccessToken() === token) this.verified.set(keyOf(token), session);
    return session;
  }

  private refuseRevoked(handle: string): void {
    if (this.revocations.isRevoked(handle)) throw new SessionError({ type: SessionError.UNAUTHORISED, message: 'The session has ended.', payload: { clearTokens: false } });
  }

  /** An unreachable core is not the token's fault: the client must not throw its session away for it. */
  private async ask<T>(token: string, verify: () => Promise<T>): Promise<T> {
    try {
      return await verify();
    } catch (error) {
      const isBad = AuthError.isErrorFromSuperTokens(error);
      if (isBad && (error.type !== SessionError.TRY_REFRESH_TOKEN || hasExpired(token) || (await this.core.isReachable()))) throw error;
      this.log.warn({ err: error }, 'session not verified, the auth core does not answer');
      throw new AppError('UNAVAILABLE', 'Signing in does not work at the moment. Please try again.', {}, { cause: error });
    }
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');

export function bearerToken(header: unknown): string | undefined {
  return typeof header === 'string' && header.startsWith('Bearer ') ? header.slice(7).trim() : undefined;
}

/** The access tokens among the cookies: more than one when an old cookie of another domain is still there. */
export function accessCookies(header: string | undefined): string[] {
  return header === undefined ? [] : [...header.matchAll(ACCESS_COOKIE)].map((match) => match[1]!);
}

function hasExpired(token: string): boolean {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Partial<Claims>;
    return (claims.exp ?? 0) * 1_000 < Date.now();
  } catch {
    return true;
  }
}
