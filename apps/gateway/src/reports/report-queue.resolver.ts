import { Args, Context, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { moderationRpc } from '@fowergram/contracts-post';
import { type Report, reportRpc } from '@fowergram/contracts-user';
import { type ConnectionOf, pageInput, toConnection } from '../api/schema/connection.types.js';
import { parseId } from '../api/schema/global-id.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ModeratorId } from '../api/context/viewer.decorator.js';
import { requireInForce } from '../visibility/put-into-force.js';
import { QueueArgs, ReportConnection, ReportType, ResolveReportInput } from './reports.types.js';

/** The user service decides who may resolve what; here only those pass who may do something at all. */
@Resolver(() => ReportType)
export class ReportQueueResolver {
  @Query(() => ReportConnection, {
    nullable: true,
    description:
      'For moderators: the first report of each subject, which stands for all of it; the subject reported last comes first. Nothing about yourself is among them.',
  })
  async reports(
    @ModeratorId() moderatorId: string,
    @Args() { state, mine, ...args }: QueueArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<Report>> {
    const input = { moderatorId, state, resolvedByMe: mine ?? false, ...pageInput(args) };
    return toConnection(await context.query(reportRpc.queue, input), args);
  }

  @Mutation(() => ReportType, {
    description:
      'For moderators: answers all reports of one subject at once, and does what the outcome says. Reporters read the outcome; the reported user learns of none of them.',
  })
  async resolveReport(
    @ModeratorId() moderatorId: string,
    @Args('input', { description: 'Which report, and what is decided.' }) input: ResolveReportInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report> {
    const { outcome, note, until } = input;
    const id = parseId('report', input.id, ['input', 'id']);
    const { report, content } = await context.command(
      info,
      reportRpc.resolve,
      { moderatorId, id, outcome, note, until },
      inInput,
    );
    if (content) await requireInForce(context.ask(moderationRpc.apply, content));
    context.shared.userCache.invalidate(report.ownerId);
    return report;
  }
}
