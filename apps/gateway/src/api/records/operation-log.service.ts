import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER, LogSettings } from '@fowergram/service-kit';
import type { Outcome } from '../errors.js';

/** What is written: nothing, what failed by our fault, of all others one in a hundred as well, or all. */
const WORDS = ['OFF', 'ERRORS', 'SAMPLED', 'ALL'] as const;
const SAMPLE_EVERY = 100;
/** More lines than this say no more, and a disk has an end. */
const MAX_PER_SECOND = { SAMPLED: 10, ALL: 200 };

export interface OperationLine {
  operation: string | undefined;
  operationType: string;
  code: Outcome;
  ms: number;
  callerId: string | undefined;
  correlationId: string;
}

/** One line for an operation: who has asked for what, how it ended and how long it took. */
@Injectable()
export class OperationLog {
  private readonly word: () => (typeof WORDS)[number];
  private count = 0;
  private second = { at: 0, lines: 0 };

  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    settings: LogSettings,
  ) {
    this.word = settings.add('operations', WORDS, 'SAMPLED');
  }

  /** Writes the line of an operation that has ended, or leaves it out. */
  note(line: OperationLine): void {
    const word = this.word();
    if (word === 'OFF') return;
    // The logger writes such a line once a second, and how many there were.
    if (line.code === 'INTERNAL' || line.code === 'UNAVAILABLE') return this.log.warn(line, 'operation ended');
    if (word === 'ERRORS') return;
    const isChosen = word === 'ALL' || this.count++ % SAMPLE_EVERY === 0;
    if (isChosen && this.hasRoom(MAX_PER_SECOND[word])) this.log.info(line, 'operation ended');
  }

  private hasRoom(max: number): boolean {
    const at = Math.floor(performance.now() / 1_000);
    if (this.second.at !== at) this.second = { at, lines: 0 };
    return this.second.lines++ < max;
  }
}
