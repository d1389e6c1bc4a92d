import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Media } from '@fowergram/contracts-media';
import { hiddenVariantKey, variantKey } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { MediaRepository, type MediaRow } from './media.repository.js';

/** READY media never change, they can only be removed: what is cached here, addresses included, is that much late and no more. */
const CACHE_TTL_MS = 1_000;
const CACHE_MAX_ENTRIES = 10_000;

@Injectable()
export class MediaService {
  private readonly ready = new LRUCache<string, Media>({ max: CACHE_MAX_ENTRIES, ttl: CACHE_TTL_MS });

  constructor(
    private readonly media: MediaRepository,
    private readonly storage: MediaStorage,
  ) {}

  /** Those of the media that exist, in the order of the ids. */
  async byIds(ids: string[]): Promise<Media[]> {
    const found = new Map<string, Media>();
    for (const id of ids) {
      const cached = this.ready.get(id);
      if (cached) found.set(id, cached);
    }
    const missing = [...new Set(ids)].filter((id) => !found.has(id));
    for (const row of missing.length > 0 ? await this.media.byIds(missing) : []) {
      const media = this.show(row);
      found.set(row.id, media);
      if (media.status === 'READY') this.ready.set(row.id, media);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Those of the media that are the owner's; those of others cost what media cost that do not exist, so no cache is asked. */
  async ofOwner(ids: string[], ownerId: string): Promise<Media[]> {
    return (await this.media.ofOwner(ids, ownerId)).map((row) => this.show(row));
  }

  /** Something about it has changed; other replicas may show it as it was for as long as they cache it. */
  invalidate(id: string): void {
    this.ready.delete(id);
  }

  /** What others may know of a media, with the address of each variant as it is valid now. */
  show(row: MediaRow): Media {
    const keyOf = row.isForAuthor ? hiddenVariantKey : variantKey;
    const variants = row.variants.map((variant) => ({
      ...variant,
      url: this.storage.urlOf(keyOf(row.id, variant.name)),
    }));
    return {
      id: row.id,
      ownerId: row.ownerId,
      kind: row.kind,
      status: row.status,
      rejectionCode: row.rejectionCode,
      rejectionReason: row.rejectionReason,
      altText: row.altText,
      width: row.width,
      height: row.height,
      blurhash: row.blurhash,
      variants,
      urlsExpireAt: variants.length > 0 ? this.storage.urlsExpireAt().toISOString() : null,
      createdAt: row.createdAt.toISOString(),
    };
  }
}
