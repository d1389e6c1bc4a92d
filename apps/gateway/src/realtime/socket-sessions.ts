import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { AppError } from '@fowergram/contracts-core';
import { Profiles } from '../auth/profiles.js';
import type { Session } from '../auth/session.js';
import { accessCookies, bearerToken, Sessions } from '../auth/sessions.js';
import { CONFIG, type Config } from '../config.js';
import { Revocations } from './revocations.js';
import { CLOSE, CloseSocket } from './socket-transport.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Lets a socket live as long as the session that opened it, and no longer. */
@Injectable()
export class SocketSessions {
  private readonly allowedOrigins: Set<string>;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Profiles) private readonly profiles: Profiles,
    @Inject(Revocations) private readonly revocations: Revocations,
  ) {
    this.allowedOrigins = new Set([config.WEBSITE_DOMAIN, config.API_DOMAIN]);
  }

  /** The session of a socket, from connection_init or from the cookie; null for a visitor. Throws CloseSocket. */
  async open(socket: WebSocket, request: IncomingMessage, params: Record<string, unknown> | undefined): Promise<Session | null> {
    const token = bearerToken(params?.authorization ?? params?.Authorization) ?? this.cookieToken(request);
    if (token === undefined) return null;
    const session = await this.verify(token);
    await this.profiles.ensure(session.userId);
    this.endWith(session, socket);
    return session;
  }

  /** A cookie comes along with whatever page opens a socket: it counts only for our own pages. Programs send no Origin. */
  private cookieToken(request: IncomingMessage): string | undefined {
    const [token, ...others] = accessCookies(request.headers.cookie);
    if (token === undefined) return undefined;
    const { origin } = request.headers;
    if (origin !== undefined && !this.allowedOrigins.has(origin)) throw new CloseSocket(CLOSE.forbidden, 'This origin may not use the cookie');
    if (others.length > 0) throw new CloseSocket(CLOSE.unauthorized, 'Several access tokens: refresh the session and reconnect');
    return token;
  }

  private async verify(token: string): Promise<Session> {
    try {
      return await this.sessions.ofToken(token);
    } catch (error) {
      if (error instanceof AppError) throw new CloseSocket(CLOSE.tryAgainLater, 'Try again later');
      throw new CloseSocket(CLOSE.unauthorized, 'Unauthorized: refresh the session and reconnect');
    }
  }

  private endWith(session: Session, socket: WebSocket): void {
    const expiry = setTimeout(() => socket.close(CLOSE.unauthorized, 'The session has expired: refresh it and reconnect'), Math.min(session.expiresAt - Date.now(), LONGEST_TIMER_MS));
    const stopWatching = this.revocations.onRevoked((handle) => {
      if (handle === session.handle) socket.close(CLOSE.unauthorized, 'The session has ended');
    });
    socket.once('close', () => {
      clearTimeout(expiry);
      stopWatching();
    });
  }
}
