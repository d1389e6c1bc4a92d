import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { MAX_REASON_LENGTH, MAX_REPORT_NOTE_LENGTH, type Report } from '@fowergram/contracts-user';
import { connectionTypes, PageArgs } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';
import { ReportOutcome, ReportReason, ReportState } from './report-enums.types.js';

@ObjectType('Report', {
  implements: () => [Node],
  description:
    'A complaint about a user, post or comment, for moderators to answer. Its reporter and they see it; who the reporter is, nobody does.',
})
export class ReportType implements Pick<Report, 'reason' | 'note' | 'state' | 'outcome' | 'createdAt' | 'resolvedAt'> {
  @Field(() => ReportReason, { description: 'What is wrong, in the eyes of the reporter.' })
  reason: Report['reason'];

  @Field(() => String, { nullable: true, description: 'What the reporter has added; null when nothing.' })
  note: string | null;

  @Field(() => ReportState, { description: 'Whether a moderator has answered it.' })
  state: Report['state'];

  @Field(() => ReportOutcome, { nullable: true, description: 'What a moderator has decided; null while it is OPEN.' })
  outcome: Report['outcome'];

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: string;

  @Field(() => DateTime, { nullable: true, description: 'When a moderator answered it; null while it is OPEN.' })
  resolvedAt: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For moderators: how many users have reported the same and get one answer; null for everybody else.',
  })
  reportCount: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'For moderators: what was noted when it was resolved; null for everybody else.',
  })
  resolutionNote: string | null;
}

export const { Connection: ReportConnection } = connectionTypes('Report', () => ReportType);

@ArgsType()
export class QueueArgs extends PageArgs {
  @Field(() => ReportState, { nullable: true, description: 'Only those in this state; all when left out.' })
  state?: Report['state'] | null;

  @Field(() => Boolean, { nullable: true, description: 'True for those that you have resolved, whatever the state.' })
  mine?: boolean | null;
}

@InputType({ description: 'A user, post or comment that a moderator should look at, and the reason.' })
export class ReportInput {
  @Field(() => ID, {
    description:
      'A user, post or comment that you see; any other is NOT_FOUND, another kind of thing BAD_USER_INPUT, and so are you yourself and what is yours (ONESELF).',
  })
  subjectId: string;

  @Field(() => ReportReason, { description: 'Why moderators should look at it.' })
  reason: Report['reason'];

  @Field(() => String, {
    nullable: true,
    description: `What moderators should know besides, up to ${MAX_REPORT_NOTE_LENGTH} characters.`,
  })
  note?: string | null;
}

@InputType({ description: 'A report, and what is decided about what it reports.' })
export class ResolveReportInput {
  @Field(() => ID, {
    description:
      'Any report of the subject: all are resolved at once. One that is resolved is CONFLICT (REPORT_RESOLVED).',
  })
  id: string;

  @Field(() => ReportOutcome, { description: 'What is done; only a post or comment can be CONTENT_HIDDEN.' })
  outcome: NonNullable<Report['outcome']>;

  @Field(() => String, {
    nullable: true,
    description: `Why, in up to ${MAX_REASON_LENGTH} characters; every outcome but NO_ACTION needs it. The author of hidden content reads it, of the others only moderators do.`,
  })
  note?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The end of the suspension, which USER_SUSPENDED needs and nothing else has; it is in the future (NOT_IN_FUTURE).',
  })
  until?: string | null;
}
