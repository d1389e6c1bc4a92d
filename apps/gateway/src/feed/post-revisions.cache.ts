import { LRUCache } from 'lru-cache';
import type { Post, PostReference, PostRevision } from '@fowergram/contracts-post';
import type { CacheUsage } from '../api/context/ttl-cache.js';

/** Posts of one revision that this process holds, of about 600 bytes and their texts each. */
const MAX_REVISION_BYTES = 32 * 1024 * 1024;
const BYTES_OF_REVISION = 600;

/** Characters of everything whose length its author decides. */
const lengthOf = ({ caption, location, hashtags, mediaIds }: Post): number =>
  caption.length + (location?.length ?? 0) + hashtags.join('').length + mediaIds.join('').length;

/** Nothing that was erased is held for longer, though nobody would be shown it: the post service answers no reference to it. */
const REVISION_TTL_MS = 10 * 60_000;

/**
 * What this process has seen of posts, each by its revision. It is true for as long as it is held, since any change of the post makes
 * another revision; whether a viewer may see the post, and which revision it has, is asked anew for each page.
 */
export class PostRevisionsCache {
  private hits = 0;
  private misses = 0;
  private readonly held = new LRUCache<string, PostRevision>({
    maxSize: MAX_REVISION_BYTES,
    sizeCalculation: ({ post }) => BYTES_OF_REVISION + 2 * lengthOf(post),
    ttl: REVISION_TTL_MS,
  });

  /** Reads that found something, reads that did not, and what is held. */
  get usage(): CacheUsage {
    return { hits: this.hits, misses: this.misses, entries: this.held.size, bytes: this.held.calculatedSize };
  }

  get({ id, revision }: Pick<PostReference, 'id' | 'revision'>): Post | undefined {
    const held = this.held.get(id);
    const isFound = held?.revision === revision;
    if (isFound) this.hits++;
    else this.misses++;
    return isFound ? held?.post : undefined;
  }

  store(value: PostRevision): void {
    this.held.set(value.post.id, value);
  }
}
