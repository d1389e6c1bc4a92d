import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query, Timestamp } from '@fowergram/contracts-core';
import { Reason } from './account.models.js';
import { VisibilityChanges } from './relation.models.js';
import {
  ContentKind,
  ContentModeration,
  Report,
  ReportNote,
  ReportOutcome,
  ReportReason,
  ReportState,
  SubjectKind,
} from './report.models.js';

const MAX_REPORTS = 100;
const Moderator = z.object({ moderatorId: Id });

export const reportRpc = {
  /**
   * Reports a user, post or comment to the moderators. The same again answers the same report; another reason or note changes it as long
   * as moderators have not answered, and is a new report after that. BAD_USER_INPUT at subjectId for what is one's own.
   */
  create: command('user.report.create', {
    input: z.object({
      reporterId: Id,
      subjectKind: SubjectKind,
      subjectId: Id,
      /** The reporter sees what is theirs; null where not, and only what the reporter has reported before is found then. */
      ownerId: Id.nullable(),
      reason: ReportReason,
      note: ReportNote.nullish(),
    }),
    /** `changes` come where a user was reported, whom the reporter is to meet no more. */
    output: Report.extend({ changes: VisibilityChanges.optional() }),
  }),
  /** The viewer's own reports, and for moderators all but those about themselves. */
  byIds: query('user.report.by-ids', {
    input: z.object({ viewerId: Id, ids: idList(MAX_REPORTS) }),
    output: z.array(Report),
  }),
  /** What the reporter has reported, latest first. */
  mine: query('user.report.mine', { input: PageInput.extend({ reporterId: Id }), output: pageOf(Report) }),

  /** For moderators: the first report of each subject, the subject that was reported last first; nothing about themselves. */
  queue: query('user.report.queue', {
    input: PageInput.extend(Moderator.shape).extend({ state: ReportState.nullish(), resolvedByMe: z.boolean() }),
    output: pageOf(Report),
  }),
  /** For moderators: what is answered together with this report, itself included, latest first. */
  related: query('user.report.related', {
    input: PageInput.extend(Moderator.shape).extend({ id: Id }),
    output: pageOf(Report),
  }),
  /**
   * For moderators: answers all reports of the subject at once. A note is the reason of the action, which needs one; `until` is the end
   * of a suspension, which needs it. CONFLICT where they are answered already.
   */
  resolve: command('user.report.resolve', {
    input: Moderator.extend({
      id: Id,
      outcome: ReportOutcome,
      note: Reason.nullish(),
      until: Timestamp.nullish(),
    }),
    output: z.object({ report: Report, content: ContentModeration.nullable() }),
  }),
  /** For moderators: hides content, or shows it again; they act on whom they may suspend. */
  moderateContent: command('user.content.moderate', {
    input: Moderator.extend({ kind: ContentKind, contentId: Id, ownerId: Id, hidden: z.boolean(), reason: Reason }),
    output: ContentModeration,
  }),
};
