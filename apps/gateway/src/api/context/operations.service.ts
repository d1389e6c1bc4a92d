import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import type { Media } from '@fowergram/contracts-media';
import type { Profile } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import type { Session } from '../../auth/sessions/session.js';
import { Hints } from '../../realtime/signals.service.js';
import { Recent } from './ttl-cache.js';
import { type OperationHeaders, RequestContext, type Shared } from './request-context.js';

/** Makes the context of each operation; holds what operations of this process share. */
@Injectable()
export class Operations {
  readonly recentUsers = new Recent<Profile>();
  private readonly shared: Shared;

  constructor(bus: Bus, hints: Hints, @Inject(LOGGER) log: Logger) {
    this.shared = { bus, hints, log, recentUsers: this.recentUsers, recentMedia: new Recent<Media>() };
  }

  begin(session: Session | null, headers: OperationHeaders): RequestContext {
    return new RequestContext(this.shared, session, headers);
  }
}

const PRINTABLE_ASCII = /^[\x20-\x7e]{1,200}$/;

/** The Idempotency-Key of a request; throws BAD_USER_INPUT for one that cannot be kept. */
export function readIdempotencyKey(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && PRINTABLE_ASCII.test(value)) return value;
  throw new AppError('BAD_USER_INPUT', 'An Idempotency-Key has 1 to 200 printable ASCII characters.');
}
