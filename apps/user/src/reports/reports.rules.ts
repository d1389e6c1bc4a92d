import { AppError, badInput } from '@fowergram/contracts-core';
import type { ContentKind, ReportOutcome, ReportReason, SubjectKind } from '@fowergram/contracts-user';

/** What a moderator has decided about a subject. */
export interface Resolution {
  outcome: ReportOutcome;
  note?: string | null | undefined;
  until?: string | null | undefined;
}

/** A resolution whose parts fit each other and the subject. */
export type Action =
  | { outcome: 'NO_ACTION' }
  | { outcome: 'CONTENT_HIDDEN'; kind: ContentKind; reason: string }
  | { outcome: 'USER_SUSPENDED'; reason: string; until: Date }
  | { outcome: 'USER_BANNED'; reason: string };

/** Throws BAD_USER_INPUT at the part that is missing, too much, or makes no sense for this subject. */
export function actionOf({ outcome, note, until }: Resolution, kind: SubjectKind): Action {
  if (until && outcome !== 'USER_SUSPENDED') throw badInput(['until'], 'Only a suspension has an end.');
  if (outcome === 'NO_ACTION') return { outcome };
  if (!note) throw badInput(['note'], 'Say why: this outcome needs a note.');
  if (outcome === 'USER_BANNED') return { outcome, reason: note };
  if (outcome === 'USER_SUSPENDED') return { outcome, reason: note, until: endOf(until) };
  if (kind === 'user') throw badInput(['outcome'], 'A user is suspended or banned; only a post or comment is hidden.');
  return { outcome, kind, reason: note };
}

function endOf(until: string | null | undefined): Date {
  if (!until) throw badInput(['until'], 'A suspension has an end.');
  return new Date(until);
}

/** The name of an act in the log of moderation. */
export const contentAction = (kind: ContentKind, hidden: boolean): string =>
  `${hidden ? 'HIDE' : 'RESTORE'}_${kind.toUpperCase()}`;

/** What a reporter has to say. */
export interface Saying {
  reason: ReportReason;
  note?: string | null | undefined;
}

/** Whether a report tells more than the one before. */
export const saysMore = (before: Saying, { reason, note }: Saying): boolean =>
  reason !== before.reason || (!!note && note !== before.note);

/** Another moderator was faster. */
export const alreadyResolved = (): AppError =>
  new AppError('CONFLICT', 'This report is resolved already.', { path: ['id'], reason: 'REPORT_RESOLVED' });
