import { AppError } from '@fowergram/contracts-core';

/** What a source has for the reader now: `more` when it has not been read to its end, `end` when nothing can follow. */
export interface Batch<T> {
  items: T[];
  more?: boolean;
  end?: boolean;
}

export interface Source<T> {
  /** Reads what is new from the owner; called when there may be something and the reader has room for it. */
  read: () => Promise<Batch<T>>;
  stop: () => void;
  /** Makes the next read begin with this item again. */
  rewind?: (first: T) => void;
}

const MAX_QUEUED = 256;
const RETRY_MS = { first: 250, last: 5_000 };

/**
 * The stream from signals to one subscriber, read at the subscriber's pace. A signal that fits is passed on at once. Everything else
 * (a signal that is missing, a broken connection, a reader that lags) only says "there may be more", and the owner is asked
 * when the reader comes for it: so a slow reader costs a bounded queue, and nothing is lost.
 */
export class LiveStream<T> implements AsyncIterableIterator<T> {
  private readonly queue: T[] = [];
  private waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | undefined;
  private mayHaveMore = false;
  private reading = false;
  private readsStale = false;
  private ended = false;
  private retryMs = RETRY_MS.first;
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(private readonly source: Source<T>) {}

  /** True when an item may be passed on without asking the owner: nothing older is still to be read. */
  get isCurrent(): boolean {
    return !this.mayHaveMore && !this.reading && this.queue.length < MAX_QUEUED;
  }

  /** Reads for the first time and throws what goes wrong, so that it becomes the answer to the subscription itself. */
  async start(): Promise<void> {
    this.take(await this.source.read());
  }

  push(...items: T[]): void {
    if (this.ended) return;
    this.queue.push(...items);
    this.advance();
  }

  /** Says that the owner may have more. */
  invalidate(): void {
    this.mayHaveMore = true;
    this.advance();
  }

  /** Takes back what is not passed on yet, and reads it anew: the owner shows less of it now. */
  reread(): void {
    this.readsStale = this.reading;
    this.takeBack(this.queue.splice(0));
    this.invalidate();
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.advance();
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.finish();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorResult<T>> {
    this.finish();
    return Promise.reject(error as Error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private advance(): void {
    if (!this.waiting) return;
    if (this.queue.length > 0) return this.resolveWaiting({ value: this.queue.shift()!, done: false });
    if (this.ended) return this.resolveWaiting({ value: undefined, done: true });
    if (this.mayHaveMore && !this.reading && !this.retryTimer) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    this.mayHaveMore = false;
    try {
      const batch = await this.source.read();
      this.retryMs = RETRY_MS.first;
      this.reading = false;
      this.take(batch);
    } catch (error) {
      this.reading = false;
      this.mayHaveMore = true;
      this.onFailure(error);
    }
    this.advance();
  }

  private takeBack([first]: T[]): void {
    if (first !== undefined) this.source.rewind?.(first);
    this.mayHaveMore = true;
  }

  private take({ items, more, end }: Batch<T>): void {
    if (this.readsStale) {
      this.readsStale = false;
      return this.takeBack(items);
    }
    if (more) this.mayHaveMore = true;
    this.queue.push(...items);
    if (end) this.finish();
  }

  /** An owner that is away comes back; any other failure is the subscriber's to know. */
  private onFailure(error: unknown): void {
    if (this.ended) return;
    if (error instanceof AppError && error.code === 'UNAVAILABLE') {
      this.retryTimer = setTimeout(() => {
        this.retryTimer = undefined;
        this.advance();
      }, this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, RETRY_MS.last);
      return;
    }
    const waiting = this.waiting;
    this.waiting = undefined;
    this.finish();
    waiting?.reject(error);
  }

  private finish(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.retryTimer);
    this.source.stop();
    this.advance();
  }

  private resolveWaiting(result: IteratorResult<T>): void {
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.resolve(result);
  }
}
