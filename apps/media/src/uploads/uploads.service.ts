import { Injectable } from '@nestjs/common';
import { AppError, badInput, notFound, type Parsed } from '@fowergram/contracts-core';
import { type Media, mediaRpc, type MediaUpload } from '@fowergram/contracts-media';
import { Database, newId, type Sql, type Tx } from '@fowergram/database';
import { findStoredResponse, withIdempotency } from '@fowergram/idempotency';
import { ErasedOwnersRepository } from '../erasure/erased-owners.repository.js';
import { MediaService } from '../media/media.service.js';
import { OutcomesService } from '../processing/outcomes.service.js';
import { rejections } from '../pictures/picture.rules.js';
import { ProcessingQueue } from '../processing/processing.queue.js';
import { uploadKey } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { UploadsRepository } from './uploads.repository.js';

type CreateInput = Parsed<typeof mediaRpc.createUpload>;
type CompleteInput = Parsed<typeof mediaRpc.completeUpload>;

const FORM_TTL_MS = 5 * 60_000;

/** Uploads go from the client straight to the object store: this service says where to, and looks at what came. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly db: Database,
    private readonly uploads: UploadsRepository,
    private readonly erasedOwners: ErasedOwnersRepository,
    private readonly storage: MediaStorage,
    private readonly media: MediaService,
    private readonly outcomes: OutcomesService,
    private readonly queue: ProcessingQueue,
  ) {}

  async create(input: CreateInput, idempotencyKey: string | undefined): Promise<MediaUpload> {
    const { ownerId, contentType, byteSize } = input;
    const altText = input.altText || null;
    if (altText?.includes('\u0000')) throw badInput(['altText'], 'altText contains a character that is not allowed.');
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mediaRpc.createUpload, input, async () => {
        await this.lockOwner(tx, ownerId);
        const row = await this.uploads.insert(tx, { id: newId(), ownerId, contentType, byteSize, altText });
        const expiresAt = new Date(Date.now() + FORM_TTL_MS);
        // @NOTE Signing is arithmetic: nothing remote happens inside this transaction.
        const form = await this.storage.signUpload({ key: uploadKey(row), contentType, byteSize, expiresAt });
        return { media: this.media.show(row), ...form, expiresAt: expiresAt.toISOString() };
      }),
    );
  }

  async complete(input: CompleteInput, idempotencyKey: string | undefined): Promise<Media> {
    const stored = await findStoredResponse(this.db, idempotencyKey, mediaRpc.completeUpload, input);
    if (stored) return stored.answer;
    const row = await this.uploads.findOwned(input.mediaId, input.ownerId);
    if (!row) throw notFound('media', ['mediaId']);
    // With a key the answer is stored, though there is nothing to do: the key is not good for another request.
    if (row.status !== 'AWAITING_UPLOAD')
      return idempotencyKey ? this.startProcessing(input, idempotencyKey) : this.media.show(row);
    const size = await this.storage.findSize(uploadKey(row));
    if (size === undefined)
      throw new AppError('CONFLICT', 'Nothing has been uploaded yet.', { path: ['mediaId'], reason: 'UPLOAD_MISSING' });
    if (size !== row.byteSize) {
      await this.outcomes.reject(row, 'AWAITING_UPLOAD', rejections.wrongSize(row.byteSize, size));
      return this.current(input, this.db);
    }
    return this.startProcessing(input, idempotencyKey);
  }

  private async startProcessing(input: CompleteInput, idempotencyKey: string | undefined): Promise<Media> {
    const media = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mediaRpc.completeUpload, input, async () => {
        await this.lockOwner(tx, input.ownerId);
        const started = await this.uploads.startProcessing(tx, input.mediaId);
        return started ? this.media.show(started) : await this.current(input, tx);
      }),
    );
    // Should this not arrive, the sweep of stuck media asks again: the row is the truth, the job only a signal.
    if (media.status === 'PROCESSING') await this.queue.add([media.id]);
    return media;
  }

  private async lockOwner(tx: Tx, ownerId: string): Promise<void> {
    if (!(await this.erasedOwners.keep(tx, ownerId)))
      throw new AppError('FORBIDDEN', 'This account was deleted.', { reason: 'ACCOUNT_DELETED' });
  }

  /** The state of now, where another call has been faster. */
  private async current({ mediaId, ownerId }: CompleteInput, sql: Sql): Promise<Media> {
    const row = await this.uploads.findOwned(mediaId, ownerId, sql);
    if (!row) throw notFound('media', ['mediaId']);
    return this.media.show(row);
  }
}
