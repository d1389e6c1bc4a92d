import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER, type Periodic, periodically } from '@fowergram/service-kit';
import { SignInsRepository } from './sign-ins.repository.js';

const SWEEP_EVERY_MS = 60 * 60 * 1_000;
const KEPT_DAYS = 180;
const BATCH = 1_000;

/** Forgets sign-ins whose session was not used for 180 days. */
@Injectable()
export class SignInRetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private sweeping: Periodic | undefined;
  private stopping = false;

  constructor(
    private readonly signIns: SignInsRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeping = periodically({
      name: 'forget old sign-ins',
      everyMs: SWEEP_EVERY_MS,
      log: this.log,
      work: () => this.sweep(),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.sweeping?.stop();
  }

  /** Removes batches until nothing old is left; several replicas may do so at once. */
  async sweep(): Promise<void> {
    while (!this.stopping && (await this.signIns.removeOlderThan(KEPT_DAYS, BATCH)) === BATCH);
  }
}
