import { Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { Database, isStatementTimeout, type Tx } from '@fowergram/database';
import { ERASURE_STEP, type ErasesUser, type SizeOf, type StepOptions } from './erasure-step.decorator.js';

/** MORE: there may be more to erase at once. CLEAN: nothing is left. BUSY: somebody else is at it, or has to come first. */
export type ErasureOutcome = 'MORE' | 'CLEAN' | 'BUSY';

/** How far the batches of one erasure have come; a new one begins at the first step. */
export interface ErasureProgress {
  step: number;
}

/** Of a full batch of any step this leaves a few rows. */
const MOST = 1_024;

interface Step extends StepOptions {
  step: ErasesUser;
}

/** Runs the steps that the features of this service have for an erasure, found by their decorator. */
@Injectable()
export class ErasureSteps {
  private found: Step[] | undefined;
  /** By what the batches of a user are divided, of whom one took too long: of the same size the next one would, too. */
  private readonly divisors = new Map<string, number>();

  constructor(
    private readonly db: Database,
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /**
   * Erases a batch in a transaction of its own, by the first step that has something to erase, from where the batch before has come.
   * Only the holder of the lock concludes anything: without it a step that finds nothing cannot tell an empty table from one that
   * another replica works on. And only batches that find nothing from the first step to the last conclude that nothing is left.
   * A batch that takes longer than a statement may fails, and is half as large the next time.
   */
  async eraseBatch(
    userId: string,
    lock: (tx: Tx) => Promise<boolean>,
    progress: ErasureProgress = { step: 0 },
  ): Promise<ErasureOutcome> {
    const divisor = this.divisors.get(userId) ?? 1;
    try {
      const outcome = await this.tryBatch(userId, lock, progress, (full) => Math.max(1, Math.floor(full / divisor)));
      if (outcome !== 'MORE') this.divisors.delete(userId);
      return outcome;
    } catch (error) {
      if (isStatementTimeout(error)) this.divisors.set(userId, Math.min(MOST, divisor * 2));
      throw error;
    }
  }

  /** Deletes a bounded batch of whatever hangs on these rows of a noun; true when there may be more. */
  async eraseOf(tx: Tx, noun: string, ids: string[], sizeOf: SizeOf): Promise<boolean> {
    let hasMore = false;
    for (const { hangsOn, step } of this.steps())
      if (hangsOn === noun) hasMore = (await step.eraseOf!(tx, ids, sizeOf)) || hasMore;
    return hasMore;
  }

  /** Deletes what had to stay until now; the caller holds the lock and ends the erasure in the same transaction. */
  async close(tx: Tx, userId: string): Promise<void> {
    for (const { step } of this.steps()) await step.close?.(tx, userId);
  }

  private tryBatch(
    userId: string,
    lock: (tx: Tx) => Promise<boolean>,
    progress: ErasureProgress,
    sizeOf: SizeOf,
  ): Promise<ErasureOutcome> {
    return this.db.transaction(async (tx) => {
      if (!(await lock(tx))) return 'BUSY';
      const startedAt = progress.step;
      if (await this.eraseFrom(tx, userId, progress, sizeOf)) return 'MORE';
      if (startedAt > 0) return 'MORE';
      for (const { step } of this.steps()) if (await step.isPending?.(tx, userId)) return 'BUSY';
      return 'CLEAN';
    });
  }

  /** False when no step from there on found anything: the next batch begins at the first one. */
  private async eraseFrom(tx: Tx, userId: string, progress: ErasureProgress, sizeOf: SizeOf): Promise<boolean> {
    for (const [index, { step }] of this.steps().entries()) {
      if (index < progress.step || !(await step.eraseBatch?.(tx, userId, sizeOf))) continue;
      progress.step = index;
      return true;
    }
    progress.step = 0;
    return false;
  }

  /** Found at the first use, when every provider is there whichever hook or event comes first. */
  private steps(): Step[] {
    this.found ??= this.discover();
    // Without steps every account would count as erased.
    if (this.found.length === 0) throw new Error('No provider of this service is an @ErasureStep.');
    return this.found;
  }

  private discover(): Step[] {
    const steps = this.discovery.getProviders().flatMap(({ instance, metatype }) => {
      const options = metatype && this.reflector.get<StepOptions | undefined>(ERASURE_STEP, metatype);
      return options ? [{ ...options, step: instance as ErasesUser }] : [];
    });
    const partial = steps.find(({ hangsOn, step }) => (hangsOn === undefined) !== (step.eraseOf === undefined));
    if (partial) throw new Error(`${partial.step.constructor.name} needs both hangsOn and eraseOf, or neither.`);
    // Once each, since a provider that two modules list is found twice.
    return [...new Map(steps.map((step) => [step.step, step])).values()].sort(
      (a, b) => (a.order ?? 0) - (b.order ?? 0),
    );
  }
}
