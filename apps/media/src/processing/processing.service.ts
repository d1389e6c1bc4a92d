import { Inject, Injectable } from '@nestjs/common';
import type { MediaRejection } from '@fowergram/contracts-media';
import { JobMetrics } from '@fowergram/jobs';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { LocksRepository, ownerLock } from '../locks/locks.repository.js';
import { uploadKey, variantKey } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { OutcomesService } from './outcomes.service.js';
import { InvalidPictureError, rejections } from '../pictures/picture.rules.js';
import { type Rendition, renderPicture } from '../pictures/render-picture.js';
import { ProcessingQueue, QUEUE } from './processing.queue.js';
import { type Original, ProcessingRepository } from './processing.repository.js';

/** After so many starts that nobody lived to end, it is the picture. */
const MAX_STARTS = 5;
const STUCK_AFTER_MS = 5_000;
const REQUEUE_BATCH_SIZE = 200;

/** The encoder failed on pixels that could be decoded: this may pass, unlike an InvalidPictureError, and is no failure of a store. */
class RenderError extends Error {}

@Injectable()
export class ProcessingService {
  constructor(
    private readonly media: ProcessingRepository,
    private readonly locks: LocksRepository,
    private readonly storage: MediaStorage,
    private readonly outcomes: OutcomesService,
    private readonly queue: ProcessingQueue,
    private readonly metrics: JobMetrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Brings a PROCESSING media to its end; harmless for any other, and when it runs twice at once. The owner is not erased meanwhile, and
   * while they are nothing is begun: no variant is written whose row is gone.
   */
  async process(mediaId: string, isLastTry: boolean): Promise<void> {
    const ownerId = await this.media.ownerOf(mediaId);
    if (ownerId) await this.locks.holding(ownerLock(ownerId), 'shared', () => this.work(mediaId, isLastTry));
  }

  /** Asks again for media whose job was lost: with a process between commit and enqueue, or with the whole of Redis. */
  async requeueStuck(): Promise<void> {
    const stuck = await this.media.processingSince(new Date(Date.now() - STUCK_AFTER_MS), REQUEUE_BATCH_SIZE);
    // One that has its job already gets no second one: the id of the media is the id of the job.
    if (stuck.length > 0) await this.queue.add(stuck);
  }

  private async work(mediaId: string, isLastTry: boolean): Promise<void> {
    const original = await this.media.start(mediaId);
    if (!original) return;
    try {
      await this.metrics.measure(QUEUE.name, () => this.bringToEnd(original, isLastTry));
    } catch (error) {
      // @NOTE When Postgres is what failed, the count stays one too high: it would take MAX_STARTS such failures to matter.
      await this.media.uncountStart(mediaId).catch(() => undefined);
      throw error;
    }
  }

  private async bringToEnd(original: Original, isLastTry: boolean): Promise<void> {
    try {
      if (original.starts > MAX_STARTS) throw new InvalidPictureError(rejections.notProcessed);
      const rendition = await this.render(original);
      for (const { name, bytes, contentType } of rendition.variants)
        await this.storage.putVariant(variantKey(original.id, name), bytes, contentType);
      await this.outcomes.ready(original, rendition);
    } catch (error) {
      const rejection = rejectionOf(error, isLastTry);
      if (!rejection) throw error;
      this.log.info({ err: error, mediaId: original.id }, 'picture rejected');
      await this.outcomes.reject(original, 'PROCESSING', rejection);
    }
  }

  private async render(original: Original): Promise<Rendition> {
    const bytes = await this.storage.download(uploadKey(original), original.byteSize);
    // Should another run have ended the processing meanwhile, this rejection changes nothing.
    if (!bytes) throw new InvalidPictureError(rejections.lost);
    if (bytes.length !== original.byteSize)
      throw new InvalidPictureError(rejections.wrongSize(original.byteSize, bytes.length));
    return renderPicture(bytes, original.contentType).catch((error: unknown) => {
      throw error instanceof InvalidPictureError
        ? error
        : new RenderError('the picture was not rendered', { cause: error });
    });
  }
}

/** What the owner reads; undefined when a store has failed and the picture may yet become READY. */
function rejectionOf(error: unknown, isLastTry: boolean): MediaRejection | undefined {
  if (error instanceof InvalidPictureError) return error.rejection;
  return error instanceof RenderError && isLastTry ? rejections.notProcessed : undefined;
}
