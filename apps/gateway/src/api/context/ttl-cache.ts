import { LRUCache } from 'lru-cache';

const TTL_MS = 1_000;
const MAX_ENTRIES = 20_000;

/** How a cache of this process is used; what has no size in bytes counts its entries. */
export interface CacheUsage {
  hits: number;
  misses: number;
  entries: number;
  bytes?: number;
}

/** What this process has seen of slowly changing things in the last second; the owner's events invalidate an entry at once. */
export class TtlCache<V extends { id: string }> {
  private readonly entries = new LRUCache<string, V>({ max: MAX_ENTRIES, ttl: TTL_MS });
  private hits = 0;
  private misses = 0;
  private readonly invalidatedAt = new LRUCache<string, number>({ max: MAX_ENTRIES, ttl: 10 * TTL_MS });

  /** Reads that found something, reads that did not, and what is held. */
  get usage(): CacheUsage {
    return { hits: this.hits, misses: this.misses, entries: this.entries.size };
  }

  get(id: string): V | undefined {
    const found = this.entries.get(id);
    if (found) this.hits++;
    else this.misses++;
    return found;
  }

  /** Stores what was asked for at `askedAt`, unless it was invalidated since: an answer that was under way may be old. */
  store(value: V, askedAt: number): void {
    const invalidatedAt = this.invalidatedAt.get(value.id);
    if (invalidatedAt === undefined || invalidatedAt < askedAt) this.entries.set(value.id, value);
  }

  invalidate(id: string): void {
    this.entries.delete(id);
    this.invalidatedAt.set(id, performance.now());
  }
}
