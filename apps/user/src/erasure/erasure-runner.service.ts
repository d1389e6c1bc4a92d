import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Gauge, Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import type { ErasureOutcome } from '@fowergram/erasure';
import { CoalescingRunner, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { UsernamesRepository } from '../profiles/usernames.repository.js';
import { ErasurePartsService } from './erasure-parts.service.js';
import { ErasuresRepository, type OpenErasure } from './erasures.repository.js';

const POLL_INTERVAL_MS = 1_000;
const TIDY_INTERVAL_MS = 60_000;
const BATCH_SIZE = 1_000;

type Step = (erasure: OpenErasure) => Promise<ErasureOutcome>;

/** Works on every open erasure, triggered by a deletion and every second: what a killed replica began, the next one ends. */
@Injectable()
export class ErasureRunnerService implements OnModuleDestroy {
  private readonly oldest: Gauge<never>;
  // Apart, since media may be away for long.
  private readonly ofUser = this.runner('user', (erasure) => this.parts.eraseUser(erasure));
  private readonly ofMedia = this.runner('media', (erasure) => this.parts.eraseMedia(erasure));

  constructor(
    private readonly erasures: ErasuresRepository,
    private readonly parts: ErasurePartsService,
    private readonly usernames: UsernamesRepository,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.oldest = gauge(
      metrics,
      'erasure_oldest_open_seconds',
      'Age of the oldest erasure of an account that is not complete.',
    );
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.ofUser, this.ofMedia].map((work) => work.stop()));
  }

  /** Erases soon. */
  trigger(): void {
    this.ofUser.trigger();
    this.ofMedia.trigger();
  }

  /** Frees names that were held long enough, and reminds other services of deletions that they have not confirmed. */
  @Every(TIDY_INTERVAL_MS, 'tidy erasures')
  async tidy(): Promise<void> {
    await this.usernames.purgeFree();
    await this.parts.announceAgain();
  }

  @Every(POLL_INTERVAL_MS, 'look after erasures')
  async lookAfter(): Promise<void> {
    this.trigger();
    this.oldest.set(await this.erasures.oldestOpenSeconds());
  }

  private runner(part: 'user' | 'media', step: Step): CoalescingRunner {
    return new CoalescingRunner(
      (signal) => this.eraseAll(part, step, signal),
      (error) => this.log.warn({ err: error, part }, 'erasures wait, will be tried again'),
    );
  }

  /** Takes the open erasures in turns, a step of each, until no step has left anything to do at once. */
  private async eraseAll(part: 'user' | 'media', step: Step, signal: AbortSignal): Promise<void> {
    let open = await this.erasures.open(part, BATCH_SIZE);
    while (open.length > 0) {
      const unfinished: OpenErasure[] = [];
      for (const erasure of open) if (!signal.aborted && (await this.hasMore(erasure, step))) unfinished.push(erasure);
      open = unfinished;
    }
  }

  /** One that fails waits for the next poll and holds up nobody, unless what it needs is away for all. */
  private async hasMore(erasure: OpenErasure, step: Step): Promise<boolean> {
    try {
      return (await step(erasure)) === 'MORE';
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') throw error;
      this.log.warn({ err: error, erasureId: erasure.id }, 'erasure waits, will be tried again');
      return false;
    }
  }
}
