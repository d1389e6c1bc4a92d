import { Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { Database, type Tx } from '@fowergram/database';
import { ERASURE_STEP, type ErasesUser, type StepOptions } from './erasure-step.decorator.js';

/** MORE: there may be more to erase at once. CLEAN: nothing is left. BUSY: somebody else is at it, or has to come first. */
export type ErasureOutcome = 'MORE' | 'CLEAN' | 'BUSY';

/** Runs the steps that the features of this service have for an erasure, found by their decorator. */
@Injectable()
export class ErasureSteps {
  private found: ErasesUser[] | undefined;

  constructor(
    private readonly db: Database,
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /**
   * Erases a batch in a transaction of its own, by the first step that has something to erase. Only the holder of the lock concludes
   * anything: without it a step that finds nothing cannot tell an empty table from one that another replica works on.
   */
  eraseBatch(userId: string, lock: (tx: Tx) => Promise<boolean>): Promise<ErasureOutcome> {
    return this.db.transaction(async (tx) => {
      if (!(await lock(tx))) return 'BUSY';
      for (const step of this.steps()) if (await step.eraseBatch?.(tx, userId)) return 'MORE';
      for (const step of this.steps()) if (await step.isPending?.(tx, userId)) return 'BUSY';
      return 'CLEAN';
    });
  }

  /** Deletes what had to stay until now; the caller holds the lock and ends the erasure in the same transaction. */
  async close(tx: Tx, userId: string): Promise<void> {
    for (const step of this.steps()) await step.close?.(tx, userId);
  }

  /** Found at the first use, when every provider is there whichever hook or event comes first. */
  private steps(): ErasesUser[] {
    this.found ??= this.discover();
    // Without steps every account would count as erased.
    if (this.found.length === 0) throw new Error('No provider of this service is an @ErasureStep.');
    return this.found;
  }

  private discover(): ErasesUser[] {
    const steps = this.discovery.getProviders().flatMap(({ instance, metatype }) => {
      const options = metatype && this.reflector.get<StepOptions | undefined>(ERASURE_STEP, metatype);
      return options ? [{ ...options, step: instance as ErasesUser }] : [];
    });
    // A set, since a provider that two modules list is found twice.
    return [...new Set(steps.sort((a, b) => a.order - b.order).map(({ step }) => step))];
  }
}
