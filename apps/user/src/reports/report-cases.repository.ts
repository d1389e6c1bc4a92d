import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import type { ReportOutcome, SubjectKind } from '@fowergram/contracts-user';
import { Database, LOOKED_AT, one, type Stretch, stretchOf, type StretchRow, type Tx } from '@fowergram/database';
import { REPORT_COLUMNS, type ReportRow, REPORTS } from './report-rows.repository.js';

/** Which cases a moderator looks through. */
export type Queue = 'ALL' | 'OPEN' | 'RESOLVED' | 'RESOLVED_BY_ME';

export interface ReportCase {
  id: string;
  subjectKind: SubjectKind;
  subjectId: string;
  ownerId: string;
}

/** The first report of a case stands for all of it. */
export interface CaseRow extends ReportRow {
  caseId: string;
  openedAt: Date;
}

/** Reports as moderators work through them: all of one subject together. */
@Injectable()
export class ReportCasesRepository {
  constructor(private readonly db: Database) {}

  /** Undefined when there is no such report. */
  async ofReport(tx: Tx, reportId: string): Promise<ReportCase | undefined> {
    return (await tx.query<ReportCase>(OF_REPORT, [reportId]))[0];
  }

  /** A stretch of the cases, newest first, but for those about the moderator. */
  async list(queue: Queue, moderatorId: string, { from, size }: Reading): Promise<Stretch<CaseRow>> {
    return stretchOf(
      await this.db.query<StretchRow & CaseRow>(LISTS[queue], [moderatorId, from.at, from.id, size + 1]),
    );
  }

  /** The reports that are in one case with this one, newest first; none when it is about the moderator. */
  related(reportId: string, moderatorId: string, after: Position, limit: number): Promise<ReportRow[]> {
    return this.db.query<ReportRow>(RELATED, [reportId, moderatorId, after.at, after.id, limit]);
  }

  /** False when somebody was faster. */
  async resolve(
    tx: Tx,
    { id }: ReportCase,
    { outcome, note, resolverId }: { outcome: ReportOutcome; note: string | null; resolverId: string },
  ): Promise<boolean> {
    return (await tx.query(RESOLVE, [id, outcome, note, resolverId])).length > 0;
  }

  /** Higher than that of any change of the same owner's content, whose account the transaction has locked. */
  async nextVersion(tx: Tx): Promise<number> {
    return one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`)).version;
  }
}

const OF_REPORT = `
  select c.id, c.subject_kind as "subjectKind", c.subject_id as "subjectId", c.owner_id as "ownerId"
  from report r join report_case c on c.id = r.case_id where r.id = $1`;

const RESOLVE = `
  update report_case set outcome = $2, resolution_note = $3, resolver_id = $4, resolved_at = clock_timestamp()
  where id = $1 and resolved_at is null returning 1 as resolved`;

const list = (condition: string): string => `
  select ${REPORT_COLUMNS}, c.id as "caseId", c.opened_at as "openedAt", c.is_end as "isEnd", c.owner_id <> $1::uuid as "isShown"
  from (
    select * from (
      select looked.*, row_number() over (order by opened_at desc, id desc) = ${LOOKED_AT} as is_end from (
        select * from report_case where ${condition} and (opened_at, id) < ($2::timestamptz, $3::uuid)
        order by opened_at desc, id desc limit ${LOOKED_AT}
      ) looked
    ) either
    where is_end or owner_id <> $1::uuid order by opened_at desc, id desc limit $4
  ) c
  cross join lateral (select * from report where case_id = c.id order by created_at, id limit 1) r
  order by c.opened_at desc, c.id desc`;

const LISTS: Record<Queue, string> = {
  ALL: list('true'),
  OPEN: list('resolved_at is null'),
  RESOLVED: list('resolved_at is not null'),
  RESOLVED_BY_ME: list('resolver_id = $1::uuid'),
};

const RELATED = `${REPORTS}
  where r.case_id = (select case_id from report where id = $1 and owner_id <> $2::uuid)
    and (r.created_at, r.id) < ($3::timestamptz, $4::uuid)
  order by r.created_at desc, r.id desc limit $5`;
