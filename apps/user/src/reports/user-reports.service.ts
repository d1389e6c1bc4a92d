import { Injectable } from '@nestjs/common';
import type { VisibilityChanges } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { ReportedUsersRepository } from './reported-users.repository.js';

/** Hides users from those who report them, until the reporter unblocks them. */
@Injectable()
export class UserReportsService {
  constructor(
    private readonly reported: ReportedUsersRepository,
    private readonly changes: RelationshipChangesService,
  ) {}

  /** `store` makes the report, while nothing else can happen between the two; what the reporter sees is another thing then. */
  async hide<T>(
    tx: Tx,
    reporterId: string,
    userId: string,
    store: () => Promise<T>,
  ): Promise<T & { changes: VisibilityChanges }> {
    let report: T;
    const [seenByReporter] = await this.changes.between(tx, reporterId, userId, async () => {
      report = await store();
      await this.reported.hide(tx, reporterId, userId);
      return [];
    });
    return { ...report!, changes: { relations: [seenByReporter], accounts: [] } };
  }
}
