import { Injectable } from '@nestjs/common';
import { mediaRpc } from '@fowergram/contracts-media';
import { type ErasurePart, userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { Bus } from '@fowergram/messaging';
import { Outbox } from '@fowergram/outbox';
import { ErasuresRepository, type OpenErasure } from './erasures.repository.js';
import { UserDataRepository } from './user-data.repository.js';

/** MORE: there may be more to erase at once. BUSY: another replica is at it. */
export type StepOutcome = 'MORE' | 'CLEAN' | 'BUSY';

/** The parts of an erasure that this service does; each step is one small transaction, so that a kill at any moment costs one. */
@Injectable()
export class ErasureStepsService {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly userData: UserDataRepository,
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  /** Erases a batch of what this service keeps. */
  async eraseUser(erasure: OpenErasure): Promise<StepOutcome> {
    const outcome = await this.db.transaction(async (tx) => {
      if (!(await this.erasures.claim(tx, erasure.id, 'user'))) return 'BUSY';
      return (await this.removeSome(tx, erasure.userId)) ? 'MORE' : 'CLEAN';
    });
    if (outcome === 'MORE') this.outbox.trigger();
    if (outcome === 'CLEAN' && erasure.isOldEnough) await this.finishUser(erasure);
    return outcome;
  }

  /** Media knows nobody and gets a command to erase, a batch at a time. */
  async eraseMedia({ userId, isOldEnough }: OpenErasure): Promise<StepOutcome> {
    const { done } = await this.bus.call(mediaRpc.eraseOwned, { ownerId: userId });
    if (done && isOldEnough) await this.markDone(userId, 'media');
    return done ? 'CLEAN' : 'MORE';
  }

  /** Tells the other services once more of a deletion that they have not confirmed for long: a broker may lose what it stored. */
  async announceAgain(): Promise<void> {
    await this.db.transaction(async (tx) => {
      for (const userId of await this.erasures.announceAgain(tx))
        await this.outbox.add(tx, userEvent.accountDeleted, { userId });
    });
  }

  private async removeSome(tx: Tx, userId: string): Promise<boolean> {
    return (
      (await this.userData.removeFollows(tx, userId)) ||
      (await this.userData.removeSignIns(tx, userId)) ||
      (await this.userData.removeProfile(tx, userId))
    );
  }

  private async finishUser({ userId }: OpenErasure): Promise<void> {
    await this.userData.purgeResponses(userId);
    if (await this.userData.purgeEvents(userId)) await this.markDone(userId, 'user');
  }

  private async markDone(userId: string, part: ErasurePart): Promise<void> {
    await this.db.transaction((tx) => this.erasures.markDone(tx, userId, part));
  }
}
