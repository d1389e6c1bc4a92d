import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppError } from '@fowergram/contracts-core';
import {
  hashOfServiceKey,
  SERVICE_KEY,
  SERVICE_KEY_PREFIX,
  type ServiceCaller,
  serviceAccountRpc,
  type ServiceScope,
  userEvent,
} from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';

const MAX_KNOWN_KEYS = 1_000;
/** A revocation is heard at once; this is how long a key works whose revocation was lost on the way. */
const KNOWN_FOR_MS = 10_000;

/** True for what a service account sends in the place of an access token, whether it is known or not. */
export const isServiceKey = (token: string | undefined): token is string =>
  token?.startsWith(SERVICE_KEY_PREFIX) === true;

/** Tells whose key it is. A key is asked for once in a while, and dropped when a service account has changed. */
@Injectable()
export class ServiceKeysService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly known = new LRUCache<string, ServiceCaller>({ max: MAX_KNOWN_KEYS, ttl: KNOWN_FOR_MS });
  /** How often everything was dropped: an answer that was under way meanwhile is not remembered. */
  private changes = 0;
  private stopReconnect: () => void = () => undefined;

  constructor(private readonly bus: Bus) {
    bus.onBroadcast(userEvent.serviceAccountChanged, () => this.invalidate());
  }

  onApplicationBootstrap(): void {
    this.stopReconnect = this.bus.onReconnect(() => this.invalidate());
  }

  onModuleDestroy(): void {
    this.stopReconnect();
  }

  /** The service account that has this key, where that was asked a moment ago. */
  recall(key: string): ServiceCaller | undefined {
    return SERVICE_KEY.test(key) ? this.known.get(hashOfServiceKey(key)) : undefined;
  }

  /** The service account that has this key; throws UNAUTHENTICATED when there is none. */
  async callerOf(key: string): Promise<ServiceCaller> {
    if (!SERVICE_KEY.test(key)) throw unknownKey();
    const keyHash = hashOfServiceKey(key);
    const known = this.known.get(keyHash);
    if (known) return known;
    const { changes } = this;
    const { caller } = await this.bus.call(serviceAccountRpc.verify, { keyHash });
    if (!caller) throw unknownKey();
    if (changes === this.changes) this.known.set(keyHash, caller);
    return caller;
  }

  private invalidate(): void {
    this.changes++;
    this.known.clear();
  }
}

/** Throws FORBIDDEN unless the service account has the scope. */
export function requireScope({ scopes }: ServiceCaller, scope: ServiceScope): void {
  if (!scopes.includes(scope))
    throw new AppError('FORBIDDEN', `This service account lacks the scope ${scope}.`, { reason: 'SCOPE_MISSING' });
}

/** Makes the error for a service account that asks where none is served. */
export const notForServices = (): AppError =>
  new AppError('FORBIDDEN', 'Service accounts may not do this.', { reason: 'NOT_FOR_SERVICES' });

/** Whether somebody was refused for a key that nobody has. */
export const isUnknownKey = (error: unknown): boolean =>
  error instanceof AppError && error.details.reason === 'SERVICE_KEY_UNKNOWN';

const unknownKey = (): AppError =>
  new AppError('UNAUTHENTICATED', 'This key is not known, or was revoked.', { reason: 'SERVICE_KEY_UNKNOWN' });
