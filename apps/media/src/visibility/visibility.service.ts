import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CoalescingRunner, Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { LocksRepository, ownerLock, VISIBILITY_LOCK } from '../locks/locks.repository.js';
import { hiddenVariantKey, variantKey } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { type MisplacedMedia, VisibilityRepository } from './visibility.repository.js';

/** Whoever hides something moves it at once; the sweep moves what was left when the store or the process went away. */
const SWEEP_INTERVAL_MS = 5_000;
/** Media that are moved beside each other: a few objects each, copied within the store. */
const BATCH_SIZE = 16;

/**
 * Moves the variants of hidden media to where no signed address leads, and back when they are shown again. The row says what
 * should be, the move follows; it can end anywhere and be done again.
 */
@Injectable()
export class VisibilityService implements OnModuleDestroy {
  private readonly mover: CoalescingRunner;

  constructor(
    private readonly media: VisibilityRepository,
    private readonly locks: LocksRepository,
    private readonly storage: MediaStorage,
    @Inject(LOGGER) log: Logger,
  ) {
    this.mover = new CoalescingRunner(
      (signal) => this.moveAll(signal),
      (error) => log.warn({ err: error }, 'pictures not moved yet, the sweep will try again'),
    );
  }

  async hideClaims(claimIds: string[], version: number | undefined): Promise<void> {
    await this.media.hideClaims(claimIds, version);
    this.mover.trigger();
  }

  async showClaim(claimId: string, version: number): Promise<void> {
    await this.media.showClaim(claimId, version);
    this.mover.trigger();
  }

  async setOwnerHidden(owner: { ownerId: string; version: number; hidden: boolean }): Promise<void> {
    await this.media.setOwnerHidden(owner);
    this.mover.trigger();
  }

  @Every(SWEEP_INTERVAL_MS, 'move hidden pictures')
  async moveMisplaced(): Promise<void> {
    this.mover.trigger();
    await this.mover.idle();
  }

  async onModuleDestroy(): Promise<void> {
    await this.mover.stop();
  }

  private async moveAll(signal: AbortSignal): Promise<void> {
    for (let left = true; left && !signal.aborted;) left = await this.moveSome();
  }

  /** One replica at a time: two that moved the same picture in opposite ways could lose it. True when there may be more. */
  private async moveSome(): Promise<boolean> {
    let hasMore = false;
    await this.locks.holding(VISIBILITY_LOCK, 'alone', async () => {
      const misplaced = await this.media.misplaced(BATCH_SIZE);
      let moved = 0;
      for (const [ownerId, media] of byOwner(misplaced)) if (await this.moveOf(ownerId, media)) moved += media.length;
      hasMore = misplaced.length === BATCH_SIZE && moved > 0;
    });
    return hasMore;
  }

  /** Not beside the erasure of the owner, which would miss what appears behind it; false when that is under way. */
  private moveOf(ownerId: string, media: MisplacedMedia[]): Promise<boolean> {
    return this.locks.holding(ownerLock(ownerId), 'shared', async () => {
      const moves = await Promise.allSettled(media.map((each) => this.move(each)));
      const failure = moves.find((move) => move.status === 'rejected');
      if (failure) throw failure.reason;
    });
  }

  private async move({ id, hidden, variantNames }: MisplacedMedia): Promise<void> {
    for (const name of variantNames) {
      const [shownKey, hiddenKey] = [variantKey(id, name), hiddenVariantKey(id, name)];
      await this.storage.move(...(hidden ? ([shownKey, hiddenKey] as const) : ([hiddenKey, shownKey] as const)));
    }
    await this.media.setMoved(id, hidden);
  }
}

function byOwner(media: MisplacedMedia[]): Map<string, MisplacedMedia[]> {
  const owners = new Map<string, MisplacedMedia[]>();
  for (const each of media) owners.set(each.ownerId, [...(owners.get(each.ownerId) ?? []), each]);
  return owners;
}
