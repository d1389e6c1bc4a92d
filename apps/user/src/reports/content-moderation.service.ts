import { Injectable } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type ContentModeration, reportRpc, userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { requireAccount, requireModerator, requireRank } from '../accounts/accounts.rules.js';
import { ReportCasesRepository } from './report-cases.repository.js';
import { contentAction } from './reports.rules.js';

type ModerateInput = Parsed<typeof reportRpc.moderateContent>;

/** Decides that a post or comment is hidden or shown again; who owns it learns of it by the event. */
@Injectable()
export class ContentModerationService {
  constructor(
    private readonly db: Database,
    private readonly cases: ReportCasesRepository,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
  ) {}

  async moderate(input: ModerateInput, idempotencyKey: string | undefined): Promise<ContentModeration> {
    const { moderatorId, ownerId } = input;
    const content = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, reportRpc.moderateContent, input, async () => {
        const locked = await this.accounts.lock(tx, [moderatorId, ownerId]);
        const actor = requireModerator(locked.get(moderatorId));
        requireRank(actor, requireAccount(locked.get(ownerId)));
        return this.set(tx, input);
      }),
    );
    this.outbox.trigger();
    return content;
  }

  /** The transaction has locked the account of the owner: versions of their content commit in their order. */
  async set(
    tx: Tx,
    { moderatorId, kind, contentId, ownerId, hidden, reason }: ModerateInput,
  ): Promise<ContentModeration> {
    const version = await this.cases.nextVersion(tx);
    const content = { kind, contentId, hidden, reason, version };
    const action = contentAction(kind, hidden);
    await this.accounts.recordAction(tx, { moderatorId, userId: ownerId, action, reason, until: null, contentId });
    await this.outbox.add(tx, userEvent.contentModerated, content);
    return content;
  }
}
