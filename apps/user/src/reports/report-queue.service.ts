import { Injectable } from '@nestjs/common';
import {
  encodePosition,
  notFound,
  type Output,
  type Page,
  type Parsed,
  type Position,
  type Reading,
  readingOnByTime,
  toPage,
  toPageOf,
} from '@fowergram/contracts-core';
import { type ContentModeration, type Report, reportRpc } from '@fowergram/contracts-user';
import { Database, one, readStretches, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { banned, requireModerator, requireRank, type StoredAccount, suspended } from '../accounts/accounts.rules.js';
import { ContentModerationService } from './content-moderation.service.js';
import { type CaseRow, type Queue, type ReportCase, ReportCasesRepository } from './report-cases.repository.js';
import { toModeratedReport } from './report-rows.repository.js';
import { ReportsRepository } from './reports.repository.js';
import { type Action, actionOf, alreadyResolved } from './reports.rules.js';
import { cursorOf, positionOf } from './reports.service.js';

type QueueInput = Parsed<typeof reportRpc.queue>;
type ResolveInput = Parsed<typeof reportRpc.resolve>;

/** What moderators see of reports, and how they answer them. */
@Injectable()
export class ReportQueueService {
  constructor(
    private readonly db: Database,
    private readonly reports: ReportsRepository,
    private readonly cases: ReportCasesRepository,
    private readonly accounts: AccountsRepository,
    private readonly content: ContentModerationService,
    private readonly outbox: Outbox,
  ) {}

  async queue(input: QueueInput): Promise<Page<Report>> {
    const { moderatorId } = input;
    await this.requireModerator(moderatorId);
    const reading = readingOnByTime(input);
    const read = (next: Reading) => this.cases.list(queueOf(input), moderatorId, next);
    const { rows, end } = await readStretches(reading, read, placeOf);
    const edgeOf = (row: CaseRow) => ({ cursor: encodePosition(placeOf(row)), node: toModeratedReport(row) });
    return toPageOf(rows, reading, edgeOf, end && encodePosition(placeOf(end)));
  }

  async related({ moderatorId, id, first, after }: Parsed<typeof reportRpc.related>): Promise<Page<Report>> {
    await this.requireModerator(moderatorId);
    const rows = await this.cases.related(id, moderatorId, positionOf(after), first + 1);
    return toPage(rows, first, (row) => ({ cursor: cursorOf(row), node: toModeratedReport(row) }));
  }

  async resolve(input: ResolveInput, idempotencyKey: string | undefined): Promise<Output<typeof reportRpc.resolve>> {
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, reportRpc.resolve, input, async () => {
        const found = await this.cases.ofReport(tx, input.id);
        const owner = await this.lockOwner(tx, input.moderatorId, found);
        if (!found || !owner) throw notFound('report', ['id']);
        const action = actionOf(input, found.subjectKind);
        const resolution = { outcome: input.outcome, note: input.note ?? null, resolverId: input.moderatorId };
        if (!(await this.cases.resolve(tx, found, resolution))) throw alreadyResolved();
        const content = await this.act(tx, input, action, found, owner);
        const report = one(await this.reports.byIds([input.id], input.moderatorId, true, tx));
        return { report: toModeratedReport(report), content };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  /** Undefined where there is nobody, and for reports about the moderator, of which they know nothing. */
  private async lockOwner(
    tx: Tx,
    moderatorId: string,
    found: ReportCase | undefined,
  ): Promise<StoredAccount | undefined> {
    const locked = await this.accounts.lock(tx, found ? [moderatorId, found.ownerId] : [moderatorId]);
    const actor = requireModerator(locked.get(moderatorId));
    const owner = found && found.ownerId !== moderatorId ? locked.get(found.ownerId) : undefined;
    if (!owner || owner.status === 'DELETED') return undefined;
    requireRank(actor, owner);
    return owner;
  }

  private async act(
    tx: Tx,
    { moderatorId, note }: ResolveInput,
    action: Action,
    found: ReportCase,
    owner: StoredAccount,
  ): Promise<ContentModeration | null> {
    const { subjectId, ownerId } = found;
    const record = { moderatorId, userId: ownerId, reason: note ?? '', until: null };
    switch (action.outcome) {
      case 'NO_ACTION':
        await this.accounts.recordAction(tx, { ...record, action: 'DISMISS_REPORTS', ...contentOf(found) });
        return null;
      case 'CONTENT_HIDDEN':
        return this.content.set(tx, { ...action, moderatorId, contentId: subjectId, ownerId, hidden: true });
      case 'USER_SUSPENDED':
        await this.restrict(tx, suspended(owner, action.until, action.reason));
        await this.accounts.recordAction(tx, { ...record, action: 'SUSPEND', until: action.until });
        return null;
      case 'USER_BANNED':
        await this.restrict(tx, banned(owner, action.reason));
        await this.accounts.recordAction(tx, { ...record, action: 'BAN' });
        return null;
    }
  }

  private async restrict(tx: Tx, next: StoredAccount | undefined): Promise<void> {
    if (next) await this.accounts.change(tx, next);
  }

  private async requireModerator(moderatorId: string): Promise<void> {
    requireModerator((await this.accounts.byIds([moderatorId])).get(moderatorId));
  }
}

function queueOf({ state, resolvedByMe }: QueueInput): Queue {
  return resolvedByMe ? 'RESOLVED_BY_ME' : (state ?? 'ALL');
}

const placeOf = ({ openedAt: at, caseId: id }: CaseRow): Position => ({ at, id });

const contentOf = ({ subjectKind, subjectId }: ReportCase): { contentId?: string } =>
  subjectKind === 'user' ? {} : { contentId: subjectId };
