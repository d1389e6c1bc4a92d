import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { accountRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { Bus, type EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { CoalescingRunner, Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { VisibilityRepository } from '@fowergram/visibility';
import { ErasuresRepository, type OpenErasure } from './erasures.repository.js';
import { UserErasureService } from './user-erasure.service.js';

const POLL_INTERVAL_MS = 1_000;
const BATCH_SIZE = 1_000;

/** Erases users whose account is gone, and reports to the user service when nothing is left. The row is the order, an event only triggers it. */
@Injectable()
export class ErasuresService implements OnModuleDestroy {
  private readonly runner = new CoalescingRunner(
    (signal) => this.eraseAll(signal),
    (error) => this.log.warn({ err: error }, 'accounts not erased yet, will be tried again'),
  );

  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly visibility: VisibilityRepository,
    private readonly userErasure: UserErasureService,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleDestroy(): Promise<void> {
    return this.runner.stop();
  }

  @Every(POLL_INTERVAL_MS, 'erase deleted accounts')
  trigger(): void {
    this.runner.trigger();
  }

  /** From the commit on nothing is written in the user's name, and nothing of them is shown. */
  async request(userId: string, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.erasures.add(tx, userId);
      if (await this.erasures.lock(tx, userId)) await this.visibility.hide(tx, userId);
      await markProcessed(tx, context);
    });
    this.trigger();
  }

  /** One that fails holds up nobody: the next poll tries it again. */
  private async eraseAll(signal: AbortSignal): Promise<void> {
    for (const erasure of await this.erasures.open(BATCH_SIZE))
      await this.finish(erasure, signal).catch((error: unknown) => {
        if (!signal.aborted)
          this.log.warn({ err: error, userId: erasure.userId }, 'account not erased yet, will be tried again');
      });
  }

  private async finish({ userId, isErased }: OpenErasure, signal: AbortSignal): Promise<void> {
    if (!isErased && !(await this.userErasure.erase(userId, signal))) return;
    await this.bus.call(accountRpc.erasureDone, { userId, part: 'post' });
    await this.erasures.setReported(userId);
    this.log.info({ userId }, 'account erased');
  }
}
