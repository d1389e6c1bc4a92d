import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { LocksRepository, ownerLock } from '../locks/locks.repository.js';
import { hiddenVariantsFolder, uploadKey, uploadsFolder, variantsFolder } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { ErasedMediaRepository } from './erased-media.repository.js';
import { ErasedOwnersRepository } from './erased-owners.repository.js';

const BATCH_SIZE = 8;
/** Left of the caller's time for the step that is under way. */
const MARGIN_MS = 1_500;
/** Whoever is in the way, a job or an upload, needs about that long. */
const PAUSE_MS = 100;

/**
 * Erases whatever an owner has here. Objects go first and rows after them: the row is the note of what is still to be done, and nobody
 * sees it any more. What a client sends to an old form afterwards has no row, and is found by the pass through the store.
 */
@Injectable()
export class ErasureService {
  constructor(
    private readonly owners: ErasedOwnersRepository,
    private readonly media: ErasedMediaRepository,
    private readonly locks: LocksRepository,
    private readonly storage: MediaStorage,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Does as much as fits into the caller's time; `done` when nothing is left. */
  async eraseOwned(ownerId: string, deadlineAt: number): Promise<{ done: boolean }> {
    const isTimeLeft = () => Date.now() < deadlineAt - MARGIN_MS;
    if (await this.owners.add(ownerId)) return { done: true };
    do {
      if (await this.eraseAlone(ownerId, isTimeLeft)) return { done: true };
      await setTimeout(PAUSE_MS);
    } while (isTimeLeft());
    return { done: false };
  }

  /** Not beside a job, an upload or another erasure of the same owner: what they write must not appear behind what was removed. */
  private async eraseAlone(ownerId: string, isTimeLeft: () => boolean): Promise<boolean> {
    let done = false;
    await this.locks.holding(ownerLock(ownerId), 'alone', async () => {
      done = await this.erase(ownerId, isTimeLeft);
    });
    return done;
  }

  private async erase(ownerId: string, isTimeLeft: () => boolean): Promise<boolean> {
    while (await this.eraseSome(ownerId)) if (!isTimeLeft()) return false;
    // Also what lies here without a row, such as what was sent after a form was given up.
    while (await this.storage.removeFolder(uploadsFolder(ownerId))) if (!isTimeLeft()) return false;
    if (!(await this.owners.isPublished(ownerId))) return false;
    while (await this.owners.purgeResponses(ownerId)) if (!isTimeLeft()) return false;
    while (await this.owners.purgeMessages(ownerId)) if (!isTimeLeft()) return false;
    await this.owners.setErased(ownerId);
    this.log.info({ ownerId }, 'media of an owner erased');
    return true;
  }

  private async eraseSome(ownerId: string): Promise<boolean> {
    const ids = await this.media.ofOwner(ownerId, BATCH_SIZE);
    await Promise.all(ids.map((id) => this.removeObjects({ id, ownerId })));
    await this.media.remove(ids);
    return ids.length > 0;
  }

  private async removeObjects(media: { id: string; ownerId: string }): Promise<void> {
    await this.storage.remove([uploadKey(media)]);
    await this.storage.removeFolder(variantsFolder(media.id));
    await this.storage.removeFolder(hiddenVariantsFolder(media.id));
  }
}
