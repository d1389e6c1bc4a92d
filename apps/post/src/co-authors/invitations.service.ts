import { Injectable } from '@nestjs/common';
import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { eventRow, Outbox } from '@fowergram/outbox';
import { CoAuthorsRepository } from './co-authors.repository.js';

/** What an author has asked before the post was there for others. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly coAuthors: CoAuthorsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Sends the invitations of posts that were published in this transaction. Whoever does not see the post hears nothing: theirs wait until they do. */
  async send(tx: Tx, postIds: string[], publishedAt: Date): Promise<void> {
    const invited = await this.coAuthors.sendInvitations(tx, postIds, publishedAt);
    if (invited.length === 0) return;
    const fact = { version: await this.coAuthors.nextVersion(tx), at: publishedAt.toISOString() };
    await this.outbox.addAll(
      tx,
      invited.map((shared) => eventRow(postEvent.coAuthorInvited, { ...shared, ...fact })),
    );
  }
}
