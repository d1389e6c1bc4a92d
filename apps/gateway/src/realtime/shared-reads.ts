import { nextTurn } from '@fowergram/messaging';

/**
 * Makes one of the reads that are the same and are asked for before the Bus sends. A read that was sent earlier may miss what has
 * just happened, so nobody joins it.
 */
export class SharedReads {
  private readonly unsent = new Map<string, Promise<unknown>>();

  read<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.unsent.get(key) as Promise<T> | undefined;
    if (known) return known;
    // Before the read, which then waits for the same turn and is sent after this.
    void nextTurn().then(() => this.unsent.delete(key));
    const work = read();
    this.unsent.set(key, work);
    return work;
  }
}
