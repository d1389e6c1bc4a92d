import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { accountRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { Bus, type EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { EraserService } from './eraser.service.js';
import { ErasuresRepository, type OpenErasure } from './erasures.repository.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';

const POLL_INTERVAL_MS = 1_000;
const AT_ONCE = 1_000;

/** Erases people whose account is gone, and tells the user service when nothing is left. The row is the order, an event only wakes. */
@Injectable()
export class ErasuresService implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly hidden: HiddenAccountsRepository,
    private readonly eraser: EraserService,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** From the commit on nothing is written in the person's name, and nothing of them is shown. */
  async request(userId: string, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.erasures.add(tx, userId);
      if (await this.erasures.lock(tx, userId)) await this.hidden.hide(tx, userId);
      await markProcessed(tx, context);
    });
    void this.wake();
  }

  /** Works on all that is open, once more if asked to meanwhile. */
  @Every(POLL_INTERVAL_MS, 'erase deleted accounts')
  wake(): Promise<void> {
    this.again = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      const open = await this.erasures.open(AT_ONCE).catch((error: unknown) => this.report(error));
      for (const erasure of open ?? [])
        await this.finish(erasure).catch((error: unknown) => this.report(error, erasure.userId));
    }
  }

  private async finish({ userId, isErased }: OpenErasure): Promise<void> {
    if (!isErased && !(await this.eraser.erase(userId, this.stopping.signal))) return;
    await this.bus.call(accountRpc.erasureDone, { userId, part: 'post' });
    await this.erasures.setReported(userId);
    this.log.info({ userId }, 'account erased');
  }

  private report(error: unknown, userId?: string): void {
    if (!this.stopping.signal.aborted)
      this.log.warn({ err: error, userId }, 'account not erased yet, will be tried again');
  }
}
