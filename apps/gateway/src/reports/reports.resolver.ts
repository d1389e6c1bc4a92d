import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { moderationRpc } from '@fowergram/contracts-post';
import { type Report, reportRpc, type VisibilityChanges } from '@fowergram/contracts-user';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION, Node } from '../api/schema/node.types.js';
import type { ArgumentPath, RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { putIntoForce, requireInForce } from '../visibility/put-into-force.js';
import { findOwner, findSubject, parseSubjectId, type Subject } from './report-subjects.js';
import { ReportConnection, ReportInput, ReportType } from './reports.types.js';

@Resolver(() => ReportType)
export class ReportsResolver {
  @Query(() => ReportConnection, {
    nullable: true,
    description: 'What you have reported, latest first, with the outcome of each.',
  })
  async myReports(
    @ViewerId() reporterId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<Report>> {
    const page = await context.query(reportRpc.mine, { reporterId, ...pageInput(args) });
    return toConnection(page, args);
  }

  @Mutation(() => ReportType, {
    description:
      'Tells the moderators of a user, post or comment. What you report is hidden from you at once; of a user you meet nothing more but the card, by name or id, until unblockUser. The same again answers the same report; another reason or note changes it as long as it is OPEN, and is a new report after that.',
  })
  async report(
    @ViewerId() reporterId: string,
    @Args('input', { description: 'What to report, and why.' }) { subjectId, reason, note }: ReportInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report> {
    const subject = parseSubjectId(subjectId, ['input', 'subjectId']);
    const ownerId = await findOwner(subject, context);
    const input = { reporterId, subjectKind: subject.kind, subjectId: subject.id, ownerId, reason, note };
    const report = await context.command(info, reportRpc.create, input, inReportInput);
    if (ownerId !== null) await hide(subject, report.changes, context);
    return report;
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(report: Report): string {
    return globalId('report', report.id);
  }

  @ResolveField(() => ID, { description: 'The id of what was reported, also when nobody sees it any more.' })
  subjectId(report: Report): string {
    return globalId(report.subjectKind, report.subjectId);
  }

  @ResolveField(() => Node, {
    nullable: true,
    description:
      'What was reported; null when it is gone or hidden from you. Moderators see it also where it is hidden.',
  })
  subject(report: Report, _args: unknown, context: RequestContext): object | null | Promise<object | null> {
    return findSubject(report, context);
  }

  @ResolveField()
  reportCount({ moderation }: Report): number | null {
    return moderation?.reportCount ?? null;
  }

  @ResolveField()
  resolutionNote({ moderation }: Report): string | null {
    return moderation?.resolutionNote ?? null;
  }

  @ResolveField(() => ReportConnection, {
    nullable: true,
    description:
      'For moderators: all reports that get one answer with this one, itself among them, latest first; null for everybody else.',
  })
  @FieldArgs(PageArgs)
  async relatedReports(
    { id, moderation }: Report,
    args: PageArgs,
    context: RequestContext,
  ): Promise<ConnectionOf<Report> | null> {
    if (!moderation) return null;
    const page = await context.query(reportRpc.related, { moderatorId: context.signedIn(), id, ...pageInput(args) });
    return toConnection(page, args);
  }
}

/** Whoever reports something meets it no more, from the answer on. */
async function hide(
  { kind, id }: Subject,
  changes: VisibilityChanges | undefined,
  context: RequestContext,
): Promise<void> {
  if (changes) await putIntoForce(changes, context, { hides: true });
  if (kind === 'user') return;
  const reported = { reporterId: context.signedIn(), kind, contentId: id };
  await requireInForce(context.ask(moderationRpc.hideReported, reported));
}

/** Whose the subject is, is no argument of its own. */
const inReportInput: ArgumentPath = ([head, ...rest]) => [
  'input',
  ...(head === undefined ? [] : [head === 'ownerId' ? 'subjectId' : head]),
  ...rest,
];
