import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Error as SessionError } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import type { AccountStatus } from '@fowergram/contracts-user';
import { RestrictedAccountError, AccountDenylistService } from '../auth/account-access/account-denylist.service.js';
import { isForeignOrigin } from '../auth/sessions/origins.rules.js';
import { ProfilesService } from '../auth/account-access/profiles.service.js';
import { isBadToken } from '../auth/sessions/bad-tokens.rules.js';
import type { Session } from '../auth/sessions/session.js';
import { SessionVerificationService } from '../auth/sessions/session-verification.service.js';
import { accessCookies, bearerToken, countOf } from '../auth/sessions/tokens.rules.js';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { RevokedSessionsService } from '../auth/sessions/revoked-sessions.service.js';
import { RateLimitsService } from '../limits/rate-limits.service.js';
import { CLOSE, CloseSocket, type Connection } from './connection.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Lets a connection live as long as the session that opened it, and no longer. */
@Injectable()
export class SocketSessionsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sessions: SessionVerificationService,
    private readonly profiles: ProfilesService,
    private readonly revokedSessions: RevokedSessionsService,
    private readonly denylist: AccountDenylistService,
    private readonly limits: RateLimitsService,
  ) {}

  /** The session of a socket, from connection_init, the header of its handshake or the cookie; null for a visitor. Throws CloseSocket. */
  async open(
    { socket, request, address }: { socket: Connection; request: IncomingMessage; address: string },
    params: Record<string, unknown> | undefined,
  ): Promise<Session | null> {
    const token =
      bearerToken(params?.authorization ?? params?.Authorization) ??
      this.headerToken(request) ??
      this.cookieToken(request);
    if (token === undefined) return null;
    const session = await this.verify(token, address);
    // At once: what ends the session while the profile is looked for must end the socket, too.
    this.endWith(session, socket);
    await this.profiles.ensure(session.userId);
    return session;
  }

  private headerToken(request: IncomingMessage): string | undefined {
    if (countOf(request, 'authorization') > 1)
      throw new CloseSocket(CLOSE.unauthorized, 'Send one Authorization header');
    return bearerToken(request.headers.authorization);
  }

  /** A cookie comes along with whatever page opens a socket: it counts only for our own pages. */
  private cookieToken(request: IncomingMessage): string | undefined {
    const [token, ...others] = accessCookies(request.headers.cookie);
    if (token === undefined) return undefined;
    if (isForeignOrigin(request.headers.origin, this.config))
      throw new CloseSocket(CLOSE.forbidden, 'This origin may not use the cookie');
    if (others.length > 0)
      throw new CloseSocket(CLOSE.unauthorized, 'Several access tokens: refresh the session and reconnect');
    return token;
  }

  private async verify(token: string, address: string): Promise<Session> {
    try {
      return await this.sessions.ofToken(token);
    } catch (error) {
      if (error instanceof AppError || (isBadToken(error) && this.limits.admitBadToken(address).error))
        throw new CloseSocket(CLOSE.tryAgainLater, 'Try again later');
      if (error instanceof RestrictedAccountError) throw closeFor(error.status);
      if ((error as { type?: string }).type === SessionError.INVALID_CLAIMS)
        throw new CloseSocket(CLOSE.forbidden, 'Invalid claim: finish signing in and reconnect');
      throw new CloseSocket(CLOSE.unauthorized, 'Unauthorized: refresh the session and reconnect');
    }
  }

  /** Closes a connection with its session, also where that ended a moment ago. */
  endWith(session: Session, socket: Connection): void {
    const expiry = setTimeout(
      () => socket.close(CLOSE.unauthorized, 'The session has expired: refresh it and reconnect'),
      Math.min(session.expiresAt - Date.now(), LONGEST_TIMER_MS),
    );
    const stopWatching = [
      this.revokedSessions.onRevoked((handle) => {
        if (handle === session.handle) socket.close(CLOSE.unauthorized, 'The session has ended');
      }),
      this.denylist.onRestricted((userId) => {
        const status = userId === session.userId ? this.denylist.restrictionOf(session) : undefined;
        if (status) close(socket, closeFor(status));
      }),
    ];
    const restriction = this.denylist.restrictionOf(session);
    if (restriction) close(socket, closeFor(restriction));
    else if (this.revokedSessions.isRevoked(session.handle)) socket.close(CLOSE.unauthorized, 'The session has ended');
    socket.once('close', () => {
      clearTimeout(expiry);
      for (const stop of stopWatching) stop();
    });
  }
}

/** Signing in again helps a deactivated account; a suspended or banned one it does not help, so clients stop trying. */
function closeFor(status: AccountStatus): CloseSocket {
  return new CloseSocket(
    status === 'SUSPENDED' || status === 'BANNED' ? CLOSE.forbidden : CLOSE.unauthorized,
    `ACCOUNT_${status}`,
  );
}

const close = (socket: Connection, { code, reason }: CloseSocket): void => socket.close(code, reason);
