import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Error as AuthError } from 'supertokens-node';
import {
  Error as SessionError,
  getSession,
  getSessionWithoutRequestResponse,
  type SessionContainer,
} from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { RevokedSessionsService } from './revoked-sessions.service.js';
import { AccountDenylistService } from '../account-access/account-denylist.service.js';
import { CoreKeys, signInUnavailable } from '../supertokens/core.js';
import { isServiceKey, notForServices } from '../../service-accounts/service-keys.service.js';
import { isForeignOrigin } from './origins.rules.js';
import { SecondFactorClaimService, type SecondFactorProgress } from '../second-factor/second-factor-claim.service.js';
import { type Session, toSession } from './session.js';
import { accessCookies, hasExpired, keyIdOf, refuseTwoTokens, spellScheme } from './tokens.rules.js';

const MAX_CACHED_TOKENS = 50_000;
/** So close to its end a token is looked at again instead of being remembered. */
const MARGIN_MS = 5_000;

/**
 * Tells whose request it is. A token is verified by the SDK when it comes for the first time, and after that recognised by its
 * hash until shortly before it expires. What is unusual (a token fresh from a refresh, several cookies) goes through the SDK every time.
 */
@Injectable()
export class SessionVerificationService {
  private readonly verified = new LRUCache<string, Session>({ max: MAX_CACHED_TOKENS });
  /** How many doubts there had been when the first of these was verified. */
  private doubts = 0;
  private readonly keys: CoreKeys;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly revokedSessions: RevokedSessionsService,
    private readonly denylist: AccountDenylistService,
    private readonly secondFactor: SecondFactorClaimService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.keys = new CoreKeys(config.SUPERTOKENS_CONNECTION_URI);
  }

  /**
   * The session of a request, or null when it brings none; throws the SDK's error for one that is over or false. A cookie counts, so
   * the caller takes only what no foreign page can have made a browser send (preflight.rules.ts).
   */
  async ofRequest(request: FastifyRequest, reply: FastifyReply): Promise<Session | null> {
    const { bearer, cookies } = this.tokensOf(request);
    if (bearer === undefined && cookies.length === 0) return null;
    const token = bearer ?? (cookies.length === 1 ? cookies[0] : undefined);
    const known = token === undefined ? undefined : this.recall(token);
    if (known) return known;
    if (bearer !== undefined && keyIdOf(bearer) === undefined) throw notOurs();
    const { doubts } = this;
    const options = { sessionRequired: false, antiCsrfCheck: false, checkDatabase: this.isInDoubt() };
    const session = await this.ask(bearer ?? cookies[0]!, () => getSession(request, reply, options));
    if (!session && bearer !== undefined) throw notOurs();
    return session ? this.accept(session, token, doubts) : null;
  }

  /** The session of a token that came by another channel than a request; throws as ofRequest does, also when it is no token at all. */
  async ofToken(token: string): Promise<Session> {
    const known = this.recall(token);
    if (known) return known;
    const { doubts } = this;
    const options = { antiCsrfCheck: false, checkDatabase: this.isInDoubt() };
    const session = await this.ask(token, () => getSessionWithoutRequestResponse(token, undefined, options));
    return this.accept(session, token, doubts);
  }

  /** The session of a token that was verified before, at once; throws as ofRequest does when it has ended since. */
  recall(token: string): Session | undefined {
    this.dropDoubtful();
    const session = this.verified.get(keyOf(token));
    if (!session || session.expiresAt - MARGIN_MS < Date.now()) return undefined;
    this.refuseEnded(session);
    return session;
  }

  /** The SDK's own object for a session of these states, as the core has it now; throws as ofRequest does, also when there is none. */
  async forSecondFactor(
    request: FastifyRequest,
    reply: FastifyReply,
    allowed: readonly SecondFactorProgress[],
  ): Promise<SessionContainer> {
    const { bearer, cookies } = this.tokensOf(request);
    const verify = () =>
      getSession(request, reply, {
        checkDatabase: true,
        overrideGlobalClaimValidators: this.secondFactor.allowing(allowed),
      });
    const session = await this.ask(bearer ?? cookies[0], verify);
    this.refuseEnded(toSession(session));
    return session;
  }

  private tokensOf(request: FastifyRequest): { bearer: string | undefined; cookies: string[] } {
    const { headers } = request;
    refuseTwoTokens(request);
    const bearer = spellScheme(request);
    if (isServiceKey(bearer)) throw notForServices();
    return {
      bearer,
      cookies: isForeignOrigin(headers.origin, this.config) ? [] : accessCookies(headers.cookie),
    };
  }

  /** While what has ended is not all known here the auth core is asked, which knows. */
  private isInDoubt(): boolean {
    return this.revokedSessions.isInDoubt || this.denylist.isInDoubt;
  }

  /** What was verified before a doubt began may have ended unnoticed since then. */
  private dropDoubtful(): void {
    const { doubts } = this.revokedSessions;
    if (doubts === this.doubts) return;
    this.doubts = doubts;
    this.verified.clear();
  }

  private accept(verified: SessionContainer, token: string | undefined, doubts: number): Session {
    const { parentRefreshTokenHash1 } = verified.getAccessTokenPayload() as { parentRefreshTokenHash1: string | null };
    const session = toSession(verified);
    refuseExpired(session);
    this.refuseEnded(session);
    if (doubts !== this.revokedSessions.doubts) return session;
    if (token !== undefined && parentRefreshTokenHash1 === null && verified.getAccessToken() === token)
      this.verified.set(keyOf(token), session);
    return session;
  }

  private refuseEnded(session: Session): void {
    this.denylist.refuse(session);
    if (this.revokedSessions.isRevoked(session.handle))
      throw new SessionError({
        type: SessionError.UNAUTHORISED,
        message: 'The session has ended.',
        payload: { clearTokens: false },
      });
  }

  /** An unreachable core is not the token's fault: the client must not throw its session away for it. */
  private async ask<T>(token: string | undefined, verify: () => Promise<T>): Promise<T> {
    if (token !== undefined) await this.refuseUnknownKey(token);
    try {
      return await verify();
    } catch (error) {
      if (error instanceof AppError) throw error;
      const isBad = AuthError.isErrorFromSuperTokens(error);
      if (
        isBad &&
        (error.type !== SessionError.TRY_REFRESH_TOKEN ||
          (token !== undefined && hasExpired(token)) ||
          (await this.keys.isReachable()))
      )
        throw error;
      this.log.warn({ err: error }, 'session not verified, the auth core does not answer');
      throw signInUnavailable(error);
    }
  }

  private async refuseUnknownKey(token: string): Promise<void> {
    const keyId = keyIdOf(token);
    // What is no token at all is left to the SDK, which takes it for no session.
    if (keyId === undefined) return;
    if (keyId === null || hasExpired(token) || !(await this.keys.has(keyId))) throw notOurs();
  }
}

const notOurs = (): Error =>
  new SessionError({ type: SessionError.TRY_REFRESH_TOKEN, message: 'Not a token of ours.' });

function refuseExpired({ expiresAt }: Session): void {
  if (expiresAt <= Date.now())
    throw new SessionError({ type: SessionError.TRY_REFRESH_TOKEN, message: 'The token is too old.' });
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');
