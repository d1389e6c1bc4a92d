import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { LRUCache } from 'lru-cache';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { onViolation } from './connection.js';
import { NATS } from './nats.token.js';

const INTERVAL_MS = 60_000;
const MAX_SUBJECTS = 100;

/** Says in the log what NATS forbids to this service, once a minute for each subject: nothing else would show it. */
@Injectable()
export class ViolationLog {
  private readonly logged = new LRUCache<string, true>({ max: MAX_SUBJECTS, ttl: INTERVAL_MS });

  constructor(
    @Inject(NATS) nats: NatsConnection,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    onViolation(nats, (violation) => this.note(violation));
  }

  private note({ operation, subject }: PermissionViolationError): void {
    // Each request has an inbox subject of its own, and the user of the inbox says enough.
    const what = `${operation} ${subject.replace(/^(_INBOX\.[^.]+)\..*/, '$1')}`;
    if (this.logged.has(what)) return;
    this.logged.set(what, true);
    this.log.error(
      { operation, subject },
      'NATS forbids this: the permissions of this service are older than its code',
    );
  }
}
