import { Inject, Injectable } from '@nestjs/common';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { LocksRepository } from '../locks/locks.repository.js';
import { OutcomesService } from '../processing/outcomes.service.js';
import { hiddenVariantsFolder, ownerOfObject, uploadKey, variantsFolder } from '../storage/object-keys.rules.js';
import { MediaStorage, type StoredObject } from '../storage/media.storage.js';
import { OrphansRepository } from './orphans.repository.js';
import { isNeeded } from './orphans.rules.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SWEEP_INTERVAL_MS = MINUTE_MS;
const BATCH_SIZE = 200;
const OBJECTS_PER_SWEEP = 1_000;
/** How long each may wait to be needed: much longer than the five minutes in which its upload can still come. */
const ABANDONED_AFTER_MS = HOUR_MS;
const STRAY_AFTER_MS = HOUR_MS;
const UNCLAIMED_AFTER_MS = 24 * HOUR_MS;
/** Whoever ends the processing of a media clears it at once; the sweep clears what they left. */
const UNCLEARED_AFTER_MS = 10_000;

/**
 * Keeps rows and objects equal. Rows go first and objects after them, so that no row is ever without its objects; what a
 * process that died in between has left is found by listing the store.
 */
@Injectable()
export class OrphansService {
  private resumeAfter = '';

  constructor(
    private readonly orphans: OrphansRepository,
    private readonly locks: LocksRepository,
    private readonly storage: MediaStorage,
    private readonly outcomes: OutcomesService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @Every(SWEEP_INTERVAL_MS, 'remove orphans')
  sweepNow(): Promise<void> {
    return this.sweep(Date.now());
  }

  async sweep(now: number): Promise<void> {
    await this.locks.holding('media:orphans', 'alone', async () => {
      await this.finishClearing(new Date(now - UNCLEARED_AFTER_MS));
      await this.removeAbandoned(new Date(now - ABANDONED_AFTER_MS));
      await this.removeUnclaimed(new Date(now - UNCLAIMED_AFTER_MS));
      await this.removeStrays(new Date(now - STRAY_AFTER_MS));
    });
  }

  private async finishClearing(endedBefore: Date): Promise<void> {
    for (const media of await this.orphans.uncleared(endedBefore, BATCH_SIZE))
      await this.outcomes.clear(media, media.status);
  }

  private async removeAbandoned(createdBefore: Date): Promise<void> {
    const gone = await this.orphans.deleteAbandoned(createdBefore, BATCH_SIZE);
    await this.storage.remove(gone.map(uploadKey));
  }

  private async removeUnclaimed(freeBefore: Date): Promise<void> {
    for (const { id } of await this.orphans.deleteUnclaimed(freeBefore, BATCH_SIZE)) {
      await this.storage.removeFolder(variantsFolder(id));
      await this.storage.removeFolder(hiddenVariantsFolder(id));
    }
  }

  /** Checks the next part of the store, and begins again at its end: a large store takes many sweeps. */
  private async removeStrays(modifiedBefore: Date): Promise<void> {
    const objects = await this.storage.list({ after: this.resumeAfter, limit: OBJECTS_PER_SWEEP });
    this.resumeAfter = objects.length < OBJECTS_PER_SWEEP ? '' : objects.at(-1)!.key;
    const strays = await this.straysAmong(objects.filter((object) => object.modifiedAt < modifiedBefore));
    await this.storage.remove(strays);
    if (strays.length > 0) this.log.info({ count: strays.length }, 'stray objects removed');
  }

  private async straysAmong(objects: StoredObject[]): Promise<string[]> {
    // What this service has not written is not its to remove.
    const owned = objects.flatMap(({ key }) => {
      const owner = ownerOfObject(key);
      return owner ? [{ key, owner }] : [];
    });
    const media = await this.orphans.known([...new Set(owned.map(({ owner }) => owner.mediaId))]);
    return owned.filter(({ owner }) => !isNeeded(owner, media.get(owner.mediaId))).map(({ key }) => key);
  }
}
