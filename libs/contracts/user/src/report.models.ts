import { z } from 'zod';
import { Id, textUpTo, Timestamp } from '@fowergram/contracts-core';

export const ReportReason = z.enum([
  'SPAM',
  'NUDITY',
  'VIOLENCE',
  'HATE',
  'HARASSMENT',
  'SELF_HARM',
  'SCAM',
  'INTELLECTUAL_PROPERTY',
  'OTHER',
]);
export type ReportReason = z.output<typeof ReportReason>;

export const ReportState = z.enum(['OPEN', 'RESOLVED']);
export type ReportState = z.output<typeof ReportState>;

export const ReportOutcome = z.enum(['NO_ACTION', 'CONTENT_HIDDEN', 'USER_SUSPENDED', 'USER_BANNED']);
export type ReportOutcome = z.output<typeof ReportOutcome>;

/** What can be hidden by itself. */
export const ContentKind = z.enum(['post', 'comment']);
export type ContentKind = z.output<typeof ContentKind>;

/** What can be reported. */
export const SubjectKind = z.enum(['user', ...ContentKind.options]);
export type SubjectKind = z.output<typeof SubjectKind>;

export const MAX_REPORT_NOTE_LENGTH = 1_000;

/** What a reporter adds to the reason; moderators read it. */
export const ReportNote = textUpTo(MAX_REPORT_NOTE_LENGTH, 'A note');

/** A report as its reporter or a moderator sees it; it does not say who the reporter is. */
export const Report = z.object({
  id: Id,
  subjectKind: SubjectKind,
  subjectId: Id,
  /** The user who is reported, or who wrote what is reported. */
  ownerId: Id,
  reason: ReportReason,
  note: z.string().nullable(),
  state: ReportState,
  outcome: ReportOutcome.nullable(),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
  /** What only moderators see: null for the reporter. */
  moderation: z
    .object({
      /** How many users have reported the same and are answered together. */
      reportCount: z.number().int(),
      resolverId: Id.nullable(),
      resolutionNote: z.string().nullable(),
    })
    .nullable(),
});
export type Report = z.output<typeof Report>;

/**
 * Whether moderators hide a post or comment, and why, in words that its author reads. It is a register: the highest `version` wins,
 * however late or often it arrives.
 */
export const ContentModeration = z.object({
  kind: ContentKind,
  contentId: Id,
  hidden: z.boolean(),
  reason: z.string(),
  version: z.number().int(),
});
export type ContentModeration = z.output<typeof ContentModeration>;
