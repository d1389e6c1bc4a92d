import { Injectable } from '@nestjs/common';
import {
  badInput,
  decodePosition,
  encodePosition,
  NEWEST,
  notFound,
  type Output,
  type Page,
  type Parsed,
  type Position,
  toPage,
} from '@fowergram/contracts-core';
import { type Report, reportRpc, userEvent } from '@fowergram/contracts-user';
import { Database, newId, one, type Sql, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { isModerator, requireActive } from '../accounts/accounts.rules.js';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { type ReportRow, toModeratedReport, toReport } from './report-rows.repository.js';
import { ReportsRepository } from './reports.repository.js';
import { saysMore } from './reports.rules.js';
import { UserReportsService } from './user-reports.service.js';

type CreateInput = Parsed<typeof reportRpc.create>;
type Created = Output<typeof reportRpc.create>;

/** What reporters do, and how they learn what became of it. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly db: Database,
    private readonly reports: ReportsRepository,
    private readonly accounts: AccountsRepository,
    private readonly profiles: VisibleProfilesService,
    private readonly users: UserReportsService,
    private readonly outbox: Outbox,
  ) {}

  async create(input: CreateInput, idempotencyKey: string | undefined): Promise<Created> {
    if (input.ownerId === input.reporterId)
      throw badInput(['subjectId'], 'Nobody can report themselves, or what is their own.', 'ONESELF');
    const report = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, reportRpc.create, asked(input), () => this.make(tx, input)),
    );
    this.outbox.trigger();
    return report;
  }

  async byIds({ viewerId, ids }: Parsed<typeof reportRpc.byIds>): Promise<Report[]> {
    const asModerator = await this.isModerator(viewerId);
    const rows = await this.reports.byIds(ids, viewerId, asModerator);
    return rows.map(asModerator ? toModeratedReport : toReport);
  }

  async mine({ reporterId, first, after }: Parsed<typeof reportRpc.mine>): Promise<Page<Report>> {
    const rows = await this.reports.ofReporter(reporterId, positionOf(after), first + 1);
    return toPage(rows, first, (row) => ({ cursor: cursorOf(row), node: toReport(row) }));
  }

  private make(tx: Tx, input: CreateInput): Promise<Created> {
    const { reporterId, subjectKind, ownerId } = input;
    if (subjectKind !== 'user' || ownerId === null) return this.store(tx, input);
    return this.users.hide(tx, reporterId, ownerId, () => this.store(tx, input));
  }

  private async store(tx: Tx, input: CreateInput): Promise<Report> {
    const { reporterId, subjectKind, subjectId, ownerId } = input;
    requireActive((await this.accounts.state(reporterId, tx)).status);
    await this.reports.lockSubject(tx, subjectId);
    const before = await this.reports.ofSubject(tx, reporterId, subjectId);
    if (before?.subjectKind === subjectKind) return this.storeAgain(tx, input, before);
    if (ownerId === null) throw notFound(subjectKind, ['subjectId']);
    const report = await this.add(tx, input, ownerId);
    if (subjectKind !== 'user')
      await this.outbox.add(tx, userEvent.contentReported, { reporterId, kind: subjectKind, contentId: subjectId });
    return report;
  }

  private async storeAgain(tx: Tx, input: CreateInput, before: ReportRow): Promise<Report> {
    if (!saysMore(before, input)) return toReport(before);
    const { reporterId, reason, note } = input;
    if (!(await this.reports.revise(tx, before.id, { reason, note: note || null })))
      return this.add(tx, input, before.ownerId);
    return toReport(one(await this.reports.byIds([before.id], reporterId, false, tx)));
  }

  private async add(tx: Tx, input: CreateInput, ownerId: string): Promise<Report> {
    const { reporterId, subjectKind, subjectId, reason, note } = input;
    await this.profiles.requireUsers(tx, { subjectId: ownerId }, reporterId);
    const report = { id: newId(), caseId: newId(), reporterId, subjectKind, subjectId, ownerId, reason };
    await this.reports.insert(tx, { ...report, note: note || null });
    return toReport(one(await this.reports.byIds([report.id], reporterId, false, tx)));
  }

  private async isModerator(userId: string, sql: Sql = this.db): Promise<boolean> {
    return isModerator((await this.accounts.byIds([userId], sql)).get(userId));
  }
}

/** What the reporter has sent: a repeat finds the owner no more, since what was reported is hidden from then on. */
const asked = ({ ownerId: _ownerId, ...sent }: CreateInput) => sent;

/** Where a page begins. */
export const positionOf = (after: string | null | undefined): Position => (after ? decodePosition(after) : NEWEST);

/** The place of a report among others. */
export const cursorOf = ({ createdAt: at, id }: ReportRow): string => encodePosition({ at, id });
