import type { Report, ReportOutcome, ReportReason, SubjectKind } from '@fowergram/contracts-user';

export interface ReportRow {
  id: string;
  subjectKind: SubjectKind;
  subjectId: string;
  ownerId: string;
  reason: ReportReason;
  note: string | null;
  createdAt: Date;
  outcome: ReportOutcome | null;
  resolvedAt: Date | null;
  reportCount: number;
  resolverId: string | null;
  resolutionNote: string | null;
}

/** The columns of a ReportRow, of a report `r` and its case `c`. */
export const REPORT_COLUMNS = `r.id, c.subject_kind as "subjectKind", c.subject_id as "subjectId", c.owner_id as "ownerId", r.reason, r.note,
  r.created_at as "createdAt", c.outcome, c.resolved_at as "resolvedAt", c.report_count as "reportCount",
  c.resolver_id as "resolverId", c.resolution_note as "resolutionNote"`;

export const REPORTS = `select ${REPORT_COLUMNS} from report r join report_case c on c.id = r.case_id`;

/** The report as its reporter sees it. */
export function toReport(row: ReportRow): Report {
  const { reportCount: _reportCount, resolverId: _resolverId, resolutionNote: _note, ...report } = row;
  return {
    ...report,
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    state: row.resolvedAt ? 'RESOLVED' : 'OPEN',
    moderation: null,
  };
}

/** The report as moderators see it. */
export const toModeratedReport = (row: ReportRow): Report => ({
  ...toReport(row),
  moderation: { reportCount: row.reportCount, resolverId: row.resolverId, resolutionNote: row.resolutionNote },
});
