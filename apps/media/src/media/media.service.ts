import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Media } from '@fowergram/contracts-media';
import { variantKey } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { MediaRepository, type MediaRow } from './media.repository.js';

/** Nothing of READY media ever changes, they can only be removed: what is kept here, addresses included, is that much late and no more. */
const KEEP_MS = 1_000;
const KEEP_AT_MOST = 10_000;

@Injectable()
export class MediaService {
  private readonly ready = new LRUCache<string, Media>({ max: KEEP_AT_MOST, ttl: KEEP_MS });

  constructor(
    private readonly media: MediaRepository,
    private readonly storage: MediaStorage,
  ) {}

  /** Those of the media that exist, in the order of the ids. */
  async byIds(ids: string[]): Promise<Media[]> {
    const found = new Map<string, Media>();
    for (const id of ids) {
      const kept = this.ready.get(id);
      if (kept) found.set(id, kept);
    }
    const missing = [...new Set(ids)].filter((id) => !found.has(id));
    for (const row of missing.length > 0 ? await this.media.byIds(missing) : []) {
      const media = this.show(row);
      found.set(row.id, media);
      if (media.status === 'READY') this.ready.set(row.id, media);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** What others may know of a media, with the address of each variant as it is valid now. */
  show(row: MediaRow): Media {
    const variants = row.variants.map((variant) => ({
      ...variant,
      url: this.storage.urlOf(variantKey(row.id, variant.name)),
    }));
    return {
      id: row.id,
      ownerId: row.ownerId,
      kind: row.kind,
      status: row.status,
      rejectionReason: row.rejectionReason,
      altText: row.altText,
      width: row.width,
      height: row.height,
      blurhash: row.blurhash,
      variants,
      createdAt: row.createdAt.toISOString(),
    };
  }
}
