import { Inject, Injectable } from '@nestjs/common';
import { mediaEvent, mediaPush, type MediaRejection, type MediaStatus } from '@fowergram/contracts-media';
import { Database, type Tx } from '@fowergram/database';
import { Outbox } from '@fowergram/outbox';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { uploadKey, variantsFolder } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import type { Rendition } from '../pictures/render-picture.js';
import { ProcessingRepository } from './processing.repository.js';

type OwnedMedia = { id: string; ownerId: string };

/** The two ends of an upload, each published once, and what has to go from the store after them. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly db: Database,
    private readonly media: ProcessingRepository,
    private readonly storage: MediaStorage,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async ready(media: OwnedMedia, rendition: Rendition): Promise<void> {
    const isFirst = await this.db.transaction(async (tx) => {
      if (!(await this.media.setReady(tx, media.id, rendition))) return false;
      await this.outbox.add(tx, mediaEvent.ready, { mediaId: media.id, ownerId: media.ownerId });
      return this.notifyOwner(tx, media);
    });
    if (isFirst) await this.finish(media, 'READY');
  }

  async reject(media: OwnedMedia, from: MediaStatus, rejection: MediaRejection): Promise<void> {
    const isFirst = await this.db.transaction(async (tx) => {
      if (!(await this.media.setRejected(tx, media.id, from, rejection))) return false;
      await this.outbox.add(tx, mediaEvent.rejected, { mediaId: media.id, ownerId: media.ownerId, ...rejection });
      return this.notifyOwner(tx, media);
    });
    if (isFirst) await this.finish(media, 'REJECTED');
  }

  /**
   * Removes what must not stay. The original goes even when all went well: it carries the place and the device of its owner,
   * and what is not stored cannot leak. What is shown can be made from the largest variant.
   */
  async clear(media: OwnedMedia, status: 'READY' | 'REJECTED'): Promise<void> {
    await this.storage.remove([uploadKey(media)]);
    if (status === 'REJECTED') await this.storage.removeFolder(variantsFolder(media.id));
    await this.media.setCleared(media.id);
  }

  private async notifyOwner(tx: Tx, media: OwnedMedia): Promise<true> {
    await this.outbox.addPushes(tx, mediaPush.updated, [{ userId: media.ownerId, payload: { mediaId: media.id } }]);
    return true;
  }

  private async finish(media: OwnedMedia, status: 'READY' | 'REJECTED'): Promise<void> {
    this.outbox.trigger();
    this.log.info({ mediaId: media.id, status }, 'upload ended');
    await this.clear(media, status).catch((error: unknown) =>
      this.log.warn({ err: error, mediaId: media.id }, 'objects not removed yet, the sweep will'),
    );
  }
}
