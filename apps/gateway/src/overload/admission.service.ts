import { Inject, Injectable } from '@nestjs/common';
import { type Counter, Registry } from 'prom-client';
import { type AppError, overloaded } from '@fowergram/contracts-core';
import { counter, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Requester } from '../limits/counted-limits.js';
import { LoopDelayService } from './loop-delay.service.js';
import { OperationQueue } from './operation-queue.js';
import { OVERLOAD } from './overload.config.js';
import { PaceService } from './pace.service.js';
import { type Kind, PRIORITIES, priorityOf } from './priority.rules.js';
import type { Entrant } from './tally.js';

type Release = () => void;

/** Keeps what is accepted fast: what is too much is refused at once, dear work of visitors first and cheap work of users last. */
@Injectable()
export class AdmissionService {
  private readonly queue: OperationQueue;
  private readonly refused: Counter<'kind'>;
  private requests = 0;

  constructor(
    private readonly delay: LoopDelayService,
    pace: PaceService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.queue = new OperationQueue(pace);
    this.refused = counter(
      metrics,
      'overload_refused_total',
      'Requests and operations refused for overload, by kind.',
      ['kind'],
    );
    for (const { kind } of PRIORITIES) this.refused.inc({ kind }, 0);
  }

  /**
   * Takes a request before its body is read; throws `overloaded()`. A token that is not verified yet counts as signed in: a false
   * one is refused right afterwards.
   */
  enterRequest(hasToken: boolean): Release {
    const { kind, delayMs } = priorityOf(hasToken, 0);
    const max = hasToken ? OVERLOAD.requests : OVERLOAD.requestsOfVisitors;
    if (this.requests >= max || this.delay.ms > delayMs) throw this.refuse(kind);
    this.requests++;
    return () => this.requests--;
  }

  /** Takes an operation whose points are known: at once, after a short wait, or not at all (`overloaded()`). */
  enter({ userId, address }: Requester, points: number): Release | Promise<Release> {
    const priority = priorityOf(userId !== null, points);
    const entrant = { priority, points, caller: userId ?? address };
    if (this.delay.ms > priority.delayMs) throw this.refuse(priority.kind);
    return this.queue.begin(entrant) ? () => this.queue.end(entrant) : this.wait(entrant);
  }

  /** What is under way now. */
  get usage(): { requests: number; inFlight: number } {
    return { requests: this.requests, inFlight: this.queue.pointsInFlight };
  }

  private wait(entrant: Entrant): Promise<Release> {
    return new Promise((resolve, reject) => {
      const { kind } = entrant.priority;
      const leave = this.queue.wait(entrant, () => {
        clearTimeout(timer);
        resolve(() => this.queue.end(entrant));
      });
      if (!leave) return reject(this.refuse(kind));
      const timer = setTimeout(() => {
        leave();
        reject(this.refuse(kind));
      }, OVERLOAD.waitMs);
    });
  }

  private refuse(kind: Kind): AppError {
    this.refused.inc({ kind });
    // The logger writes such a line once a second, however many are refused.
    this.log.warn({ kind, delayMs: Math.round(this.delay.ms) }, 'refused for overload');
    return overloaded();
  }
}
