import type { FowergramError } from '../errors.js';

/** What a socket brings faster than it is read; a reader who is too far behind reads on from its cursor later. */
export class Buffer<T> implements AsyncIterable<T> {
  private readonly items: T[] = [];
  private end: { error?: unknown } | undefined;
  private trigger: (() => void) | undefined;

  constructor(private readonly limit: number) {}

  /** Takes an item; answers false when there is no room for another. */
  push(item: T): boolean {
    if (this.end) return false;
    this.items.push(item);
    this.trigger?.();
    return this.items.length < this.limit;
  }

  /** Ends, after all that is there, with an error or without. */
  finish(error?: FowergramError | Error): void {
    this.end ??= error ? { error } : {};
    this.trigger?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.items.length > 0) yield this.items.shift()!;
      if (this.end?.error) throw this.end.error;
      if (this.end) return;
      await new Promise<void>((resolve) => (this.trigger = resolve));
    }
  }
}
