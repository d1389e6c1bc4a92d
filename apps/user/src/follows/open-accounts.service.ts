import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { Outbox } from '@fowergram/outbox';
import { CoalescingRunner, Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { changedRelations } from '../relations/relations.rules.js';
import { RelationsRepository } from '../relations/relations.repository.js';
import { OpenAccountsRepository } from './open-accounts.repository.js';
import { RequestAcceptanceService } from './request-acceptance.service.js';

const POLL_INTERVAL_MS = 1_000;
const ACCOUNTS = 100;
const BATCH_SIZE = 100;

/** Accepts all who wait for an account that went public, a batch at a time: what a killed replica began, the next one ends. */
@Injectable()
export class OpenAccountsService implements OnModuleDestroy {
  private readonly runner = new CoalescingRunner(
    (signal) => this.acceptAll(signal),
    (error) => this.log.warn({ err: error }, 'follow requests of public accounts wait, will be tried again'),
  );

  constructor(
    private readonly db: Database,
    private readonly accounts: OpenAccountsRepository,
    private readonly acceptance: RequestAcceptanceService,
    private readonly relations: RelationsRepository,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await this.runner.stop();
  }

  /** Accepts the first batch before it returns, and the others soon. */
  async open(userId: string): Promise<void> {
    await this.acceptSome(userId).catch((error: unknown) =>
      this.log.warn({ err: error }, 'follow requests of public accounts wait, will be tried again'),
    );
    this.runner.trigger();
  }

  @Every(POLL_INTERVAL_MS, 'accept requests to public accounts')
  async lookAfter(): Promise<void> {
    this.runner.trigger();
    await this.runner.idle();
  }

  private async acceptAll(signal: AbortSignal): Promise<void> {
    for (const userId of await this.accounts.ids(ACCOUNTS)) while (!signal.aborted && (await this.acceptSome(userId)));
  }

  /** True while more may wait. */
  private async acceptSome(userId: string): Promise<boolean> {
    const hasMore = await this.db.transaction((tx) => this.acceptBatch(tx, userId));
    this.outbox.trigger();
    return hasMore;
  }

  private async acceptBatch(tx: Tx, userId: string): Promise<boolean> {
    const waiting = await this.accounts.waiting(tx, userId, BATCH_SIZE);
    const pairs = waiting.map((viewerId) => ({ viewerId, authorId: userId }));
    await this.relations.lockPairs(tx, pairs);
    if (!(await this.accounts.lock(tx, userId))) return false;
    const before = await this.relations.read(tx, pairs);
    const events = await this.acceptance.accept(tx, userId, waiting);
    const after = await this.relations.read(tx, pairs);
    await this.outbox.addAll(tx, [...events, ...changedRelations(before, after)]);
    if (waiting.length < BATCH_SIZE) await this.accounts.close(tx, userId);
    return waiting.length === BATCH_SIZE;
  }
}
