import { LRUCache } from 'lru-cache';

const TTL_MS = 1_000;
const MAX_ENTRIES = 20_000;

/** What this process has seen of slowly changing things in the last second; the owner's events drop an entry at once. */
export class Recent<V extends { id: string }> {
  private readonly entries = new LRUCache<string, V>({ max: MAX_ENTRIES, ttl: TTL_MS });
  private readonly droppedAt = new LRUCache<string, number>({ max: MAX_ENTRIES, ttl: 10 * TTL_MS });

  get(id: string): V | undefined {
    return this.entries.get(id);
  }

  /** Keeps what was asked for at `askedAt`, unless it was dropped since: an answer that was under way may be old. */
  keep(value: V, askedAt: number): void {
    const droppedAt = this.droppedAt.get(value.id);
    if (droppedAt === undefined || droppedAt < askedAt) this.entries.set(value.id, value);
  }

  drop(id: string): void {
    this.entries.delete(id);
    this.droppedAt.set(id, performance.now());
  }
}
