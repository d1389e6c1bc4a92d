import { Injectable } from '@nestjs/common';
import { type Counter, Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import { AppError, overloaded } from '@fowergram/contracts-core';
import { counter, Every } from '@fowergram/service-kit';
import { CLOSE, type Connection, WaitingBytes } from './connection.js';
import type { HeldDocument } from './held-documents.js';
import { Quota } from './quota.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';
import { SubscriptionDocuments, type TakenDocument } from './subscription-documents.js';

const IDLE_CHECK_INTERVAL_MS = 10_000;
const RETRY_AFTER_SECONDS = 5;
const LIMITED = ['sockets', 'address', 'user', 'subscriptions', 'texts', 'idle'] as const;
type Limited = (typeof LIMITED)[number];

const TOO_MANY_SUBSCRIPTIONS = `A user has at most ${SOCKET_LIMITS.subscriptionsPerUser} subscriptions at a time.`;
const TOO_MANY_TEXTS = 'The texts of your subscriptions are too many or too long: use one text with variables.';

export const tooMany = (message: string): AppError => new AppError('RATE_LIMITED', message);

/** Knows what each user and each address holds of this process: connections that stay open, and subscriptions. */
@Injectable()
export class SocketLimitsService {
  private readonly all = new Quota(SOCKET_LIMITS.sockets);
  private readonly byAddress = new Quota(SOCKET_LIMITS.socketsPerAddress);
  private readonly byUser = new Quota(SOCKET_LIMITS.socketsPerUser);
  private readonly subscriptions = new Quota(SOCKET_LIMITS.subscriptions);
  private readonly subscriptionsByUser = new Quota(SOCKET_LIMITS.subscriptionsPerUser);
  private readonly documents = new SubscriptionDocuments();
  /** What slow readers of all connections have not taken yet. */
  readonly waiting = new WaitingBytes();
  /** When each socket without a session last asked for something. */
  private readonly anonymous = new Map<WebSocket, number>();
  private readonly refused: Counter<'limit'>;

  constructor(metrics: Registry) {
    this.refused = counter(metrics, 'websocket_refused_total', 'Sockets and subscriptions beyond a limit, by limit.', [
      'limit',
    ]);
    for (const limit of LIMITED) this.refused.inc({ limit }, 0);
  }

  /** The error for one more connection from there; undefined when it may be taken. */
  refuseConnection(address: string): AppError | undefined {
    if (!this.all.hasRoom('')) return this.note('sockets', overloaded());
    if (this.byAddress.hasRoom(address)) return undefined;
    const message = `An address has at most ${SOCKET_LIMITS.socketsPerAddress} sockets.`;
    return this.note('address', new AppError('RATE_LIMITED', message, { retryAfterSeconds: RETRY_AFTER_SECONDS }));
  }

  /** Counts a connection until it is closed. */
  hold(connection: Connection, address: string): void {
    const releases = [this.all.take(''), this.byAddress.take(address)];
    connection.once('close', () => {
      releases.forEach((release) => release?.());
      this.waiting.delete(connection);
    });
  }

  /** Counts a connection for its user until it is closed; false when the user has too many. */
  holdForUser(connection: Connection, userId: string): boolean {
    const release = this.byUser.take(userId);
    if (!release) return this.note('user', false);
    connection.once('close', release);
    return true;
  }

  /** Takes a subscription with what it keeps until it is released; the error when the user has too many, or too much is kept. */
  takeSubscription(userId: string, wanted: HeldDocument): TakenDocument | AppError {
    const releaseOfUser = this.subscriptionsByUser.take(userId);
    if (!releaseOfUser) return this.note('subscriptions', tooMany(TOO_MANY_SUBSCRIPTIONS));
    const releaseOfAll = this.subscriptions.take('');
    const release = () => {
      releaseOfUser();
      releaseOfAll?.();
    };
    const taken = releaseOfAll ? this.documents.take(userId, wanted, release) : 'all';
    if (typeof taken === 'object') return taken;
    release();
    return this.note(
      releaseOfAll ? 'texts' : 'subscriptions',
      taken === 'user' ? tooMany(TOO_MANY_TEXTS) : overloaded(),
    );
  }

  /** From now on a socket without a session ends when it does nothing. */
  watchAnonymous(socket: WebSocket): void {
    if (socket.readyState !== socket.OPEN) return;
    this.anonymous.set(socket, Date.now());
    socket.once('close', () => this.anonymous.delete(socket));
  }

  noteOperation(socket: WebSocket): void {
    if (this.anonymous.has(socket)) this.anonymous.set(socket, Date.now());
  }

  @Every(IDLE_CHECK_INTERVAL_MS, 'close idle sockets')
  closeIdle(): void {
    this.closeIdleAt(Date.now());
  }

  /** Closes the sockets without a session that have asked for nothing in the last minute before `now`. */
  closeIdleAt(now: number): void {
    for (const [socket, lastAskedAt] of this.anonymous) {
      if (now - lastAskedAt < SOCKET_LIMITS.anonymousIdleMs) continue;
      this.anonymous.delete(socket);
      socket.close(CLOSE.idle, 'Idle without a session: connect again when there is something to ask');
      this.note('idle', undefined);
    }
  }

  private note<T>(limit: Limited, result: T): T {
    this.refused.inc({ limit });
    return result;
  }
}
