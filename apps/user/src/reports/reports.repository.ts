import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import type { ReportReason, SubjectKind } from '@fowergram/contracts-user';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { REPORTS, type ReportRow } from './report-rows.repository.js';

export interface NewReport {
  id: string;
  caseId: string;
  reporterId: string;
  subjectKind: SubjectKind;
  subjectId: string;
  ownerId: string;
  reason: ReportReason;
  note: string | null;
}

/** Reports as their reporters made them. */
@Injectable()
export class ReportsRepository {
  constructor(private readonly db: Database) {}

  /** Makes all who report this subject wait for each other until the transaction ends. */
  async lockSubject(tx: Tx, subjectId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('report:' || $1, 0))`, [subjectId]);
  }

  /** Adds the report to the open case of its subject, and opens one where there is none. */
  async insert(tx: Tx, report: NewReport): Promise<void> {
    const { id, caseId, reporterId, subjectKind, subjectId, ownerId, reason, note } = report;
    const [open] = await tx.query<{ id: string }>(COUNT, [subjectId]);
    if (!open) await tx.query(OPEN_CASE, [caseId, subjectKind, subjectId, ownerId]);
    await tx.query(INSERT, [id, open?.id ?? caseId, reporterId, subjectId, ownerId, reason, note]);
  }

  /** What the reporter has said anew, as long as moderators have not answered; false when they have. A note that is left out stays. */
  async revise(tx: Tx, id: string, { reason, note }: Pick<NewReport, 'reason' | 'note'>): Promise<boolean> {
    return (await tx.query(REVISE, [id, reason, note])).length > 0;
  }

  /** The last report that this reporter has made of this subject. */
  async ofSubject(sql: Sql, reporterId: string, subjectId: string): Promise<ReportRow | undefined> {
    return (await sql.query<ReportRow>(OF_SUBJECT, [reporterId, subjectId]))[0];
  }

  /** Those that the viewer has made; a moderator finds all but those about themselves. */
  byIds(ids: string[], viewerId: string, isModerator: boolean, sql: Sql = this.db): Promise<ReportRow[]> {
    return sql.query<ReportRow>(BY_IDS, [ids, viewerId, isModerator]);
  }

  /** The reports of a reporter after a position, newest first. */
  ofReporter(reporterId: string, after: Position, limit: number): Promise<ReportRow[]> {
    return this.db.query<ReportRow>(OF_REPORTER, [reporterId, after.at, after.id, limit]);
  }
}

const COUNT = `
  update report_case set report_count = report_count + 1 where subject_id = $1 and resolved_at is null returning id`;

// clock_timestamp, not now: a transaction may have waited for its turn, and the order of the list is the order of the turns.
const OPEN_CASE = `
  insert into report_case (id, subject_kind, subject_id, owner_id, report_count, opened_at) values ($1, $2, $3, $4, 1, clock_timestamp())`;

const INSERT = `
  insert into report (id, case_id, reporter_id, subject_id, owner_id, reason, note, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())`;

// It waits for a moderator who is about to answer, and finds the case answered then.
const REVISE = `
  update report set reason = $2, note = coalesce($3, note)
  where id = any(array(
    select r.id from report r join report_case c on c.id = r.case_id where r.id = $1 and c.resolved_at is null for update of c
  ))
  returning 1 as revised`;

const OF_SUBJECT = `${REPORTS}
  where r.reporter_id = $1 and r.subject_id = $2 order by r.created_at desc, r.id desc limit 1`;

const BY_IDS = `${REPORTS}
  where r.id = any($1::uuid[]) and (r.reporter_id = $2::uuid or ($3::boolean and r.owner_id <> $2::uuid))`;

const OF_REPORTER = `${REPORTS}
  where r.reporter_id = $1 and (r.created_at, r.id) < ($2::timestamptz, $3::uuid)
  order by r.created_at desc, r.id desc limit $4`;
