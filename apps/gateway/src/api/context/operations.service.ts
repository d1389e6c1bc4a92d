import { hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import type { Media } from '@fowergram/contracts-media';
import type { Profile, ServiceCaller } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { CONFIG, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import type { Session } from '../../auth/sessions/session.js';
import { PostRevisionsCache } from '../../feed/post-revisions.cache.js';
import { SignalsService } from '../../realtime/signals.service.js';
import { type CreateLoaders, type OperationHeaders, RequestContext, type Shared } from './request-context.js';
import { measureCaches } from './cache-metrics.js';
import { TtlCache } from './ttl-cache.js';

/** Injects CreateLoaders. */
export const CREATE_LOADERS = Symbol('CREATE_LOADERS');

/** Makes the context of each operation; holds what operations of this process share. */
@Injectable()
export class OperationsService {
  readonly userCache = new TtlCache<Profile>();
  private readonly shared: Shared;

  constructor(
    bus: Bus,
    signals: SignalsService,
    @Inject(LOGGER) log: Logger,
    @Inject(CREATE_LOADERS) createLoaders: CreateLoaders,
    @Inject(CONFIG) config: Config,
    metrics: Registry,
  ) {
    this.shared = {
      bus,
      signals,
      log,
      createLoaders,
      userCache: this.userCache,
      mediaCache: new TtlCache<Media>(),
      postRevisions: new PostRevisionsCache(),
      requestKey: new Uint8Array(hkdfSync('sha256', Buffer.from(config.CURSOR_KEY, 'hex'), '', 'requests', 32)),
    };
    const { userCache: users, mediaCache: media, postRevisions: posts } = this.shared;
    measureCaches(metrics, { users, media, posts });
  }

  begin(session: Session | null, headers: OperationHeaders, service: ServiceCaller | null = null): RequestContext {
    return new RequestContext(this.shared, session, headers, service);
  }
}

const PRINTABLE_ASCII = /^[\x20-\x7e]{1,200}$/;

/** The Idempotency-Key of a request; throws BAD_USER_INPUT for one that cannot be stored. */
export function readIdempotencyKey(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && PRINTABLE_ASCII.test(value)) return value;
  throw new AppError('BAD_USER_INPUT', 'An Idempotency-Key has 1 to 200 printable ASCII characters.');
}
