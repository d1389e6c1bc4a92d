import { Injectable } from '@nestjs/common';
import { mediaRpc } from '@fowergram/contracts-media';
import { type ErasurePart, userEvent } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { type ErasureOutcome, ErasureSteps, StoredMessagesRepository } from '@fowergram/erasure';
import { Bus } from '@fowergram/messaging';
import { Outbox } from '@fowergram/outbox';
import { ErasuresRepository, type OpenErasure } from './erasures.repository.js';

/** The parts of an erasure that this service does; each batch is one small transaction, so that a kill at any moment costs one. */
@Injectable()
export class ErasurePartsService {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly steps: ErasureSteps,
    private readonly messages: StoredMessagesRepository,
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  /** Erases a batch of what this service keeps. */
  async eraseUser(erasure: OpenErasure): Promise<ErasureOutcome> {
    const outcome = await this.steps.eraseBatch(erasure.userId, (tx) => this.erasures.claim(tx, erasure.id, 'user'));
    if (outcome === 'MORE') this.outbox.trigger();
    if (outcome === 'CLEAN' && erasure.isOldEnough) await this.finishUser(erasure);
    return outcome;
  }

  /** Media knows nobody and gets a command to erase, a batch at a time. */
  async eraseMedia({ userId, isOldEnough }: OpenErasure): Promise<ErasureOutcome> {
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

  private async finishUser({ userId }: OpenErasure): Promise<void> {
    await this.messages.purgeResponses(userId);
    if (await this.messages.purgeMessages(userId)) await this.markDone(userId, 'user');
  }

  private async markDone(userId: string, part: ErasurePart): Promise<void> {
    await this.db.transaction((tx) => this.erasures.markDone(tx, userId, part));
  }
}
