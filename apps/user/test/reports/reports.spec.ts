import {
  accountRpc,
  type Profile,
  type ReportReason,
  reportRpc,
  type Role,
  userEvent,
} from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { ReportsErasure } from '../../src/reports/reports.erasure.js';
import { ReportsRepository } from '../../src/reports/reports.repository.js';
import { finishErasure, placesOf, serveMediaErasing, userPartDone } from '../erasure/erasure-world.js';
import { openWorld, type World } from '../world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

interface Subject {
  subjectKind: 'user' | 'post' | 'comment';
  subjectId: string;
  ownerId: string;
}
/** A subject, or one that the reporter sees no more. */
type Reported = Omit<Subject, 'ownerId'> & { ownerId: string | null };
const userSubject = ({ id }: Profile): Subject => ({ subjectKind: 'user', subjectId: id, ownerId: id });
const postOf = ({ id }: Profile): Subject => ({ subjectKind: 'post', subjectId: newId(), ownerId: id });
const commentOf = ({ id }: Profile): Subject => ({ subjectKind: 'comment', subjectId: newId(), ownerId: id });

const report = (reporter: Profile, subject: Reported, reason: ReportReason = 'SPAM', note?: string) =>
  world.call(reportRpc.create, { reporterId: reporter.id, ...subject, reason, note });
const queue = async (moderator: Profile, more: { state?: 'OPEN' | 'RESOLVED'; resolvedByMe?: boolean } = {}) =>
  (
    await world.call(reportRpc.queue, { moderatorId: moderator.id, resolvedByMe: false, first: 100, ...more })
  ).edges.map(({ node }) => node);
const asSeenBy = async (viewer: Profile, id: string) =>
  (await world.call(reportRpc.byIds, { viewerId: viewer.id, ids: [id] }))[0];
const actionsOn = (user: Profile) =>
  world.db.query('select moderator_id, action, reason, content_id from account_action where user_id = $1 order by id', [
    user.id,
  ]);

async function userWith(role: Role): Promise<Profile> {
  const user = await world.user();
  await world.db.query('update profile set role = $2 where id = $1', [user.id, role]);
  return user;
}

let [ann, bo, cy, mo]: Profile[] = [];
beforeEach(async () => void ([ann, bo, cy, mo] = [...(await world.users(3)), await userWith('MODERATOR')]));

describe('reporting', () => {
  it('answers one report to the same reporter and subject, however often and at once it is tried', async () => {
    const subject = postOf(bo!);
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(ann!, subject, 'HATE', ' Look. ')));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers[0]).toEqual({
      id: expect.any(String),
      ...subject,
      reason: 'HATE',
      note: 'Look.',
      state: 'OPEN',
      outcome: null,
      createdAt: expect.stringMatching(/Z$/),
      resolvedAt: null,
      moderation: null,
    });
    expect(await report(ann!, subject, 'HATE')).toEqual(answers[0]);
    expect(await world.call(reportRpc.mine, { reporterId: ann!.id })).toMatchObject({ edges: [{ node: answers[0] }] });
    const events = (await world.published(userEvent.contentReported)).filter(
      ({ contentId }) => contentId === subject.subjectId,
    );
    expect(events).toEqual([{ reporterId: ann!.id, kind: 'post', contentId: subject.subjectId }]);
  });

  it('takes another reason or note as a change of what moderators have not answered, also from one who sees the subject no more', async () => {
    const subject = postOf(bo!);
    const first = await report(ann!, subject, 'SPAM', 'Look.');
    expect(await report(ann!, subject, 'HATE')).toEqual({ ...first, reason: 'HATE' });
    const unseen = { ...subject, ownerId: null };
    const changed = { ...first, reason: 'HATE', note: 'Again.' };
    expect(await report(ann!, unseen, 'HATE', 'Again.')).toEqual(changed);
    const [row] = (await queue(mo!)).filter(({ subjectId }) => subjectId === subject.subjectId);
    expect(row).toMatchObject({ id: first.id, reason: 'HATE', note: 'Again.', moderation: { reportCount: 1 } });
    await expect(report(cy!, unseen)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['subjectId'] } });
    await expect(report(ann!, { ...unseen, subjectKind: 'comment' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('takes another reason as a new report once moderators have answered the first one', async () => {
    const subject = postOf(bo!);
    const first = await report(ann!, subject, 'SPAM');
    await world.call(reportRpc.resolve, { moderatorId: mo!.id, id: first.id, outcome: 'NO_ACTION' });
    expect(await report(ann!, { ...subject, ownerId: null }, 'SPAM')).toMatchObject({ id: first.id });
    const again = await Promise.all([1, 2, 3].map(() => report(ann!, { ...subject, ownerId: null }, 'HATE')));
    expect(new Set(again.map(({ id, state, reason }) => `${id} ${state} ${reason}`)).size).toBe(1);
    expect(again[0]).toMatchObject({ state: 'OPEN', reason: 'HATE' });
    expect(await asSeenBy(ann!, first.id)).toMatchObject({ state: 'RESOLVED', reason: 'SPAM' });
    const rows = (await queue(mo!)).filter(({ subjectId }) => subjectId === subject.subjectId);
    expect(rows.map(({ id, moderation }) => [id, moderation?.reportCount])).toEqual([
      [again[0]!.id, 1],
      [first.id, 1],
    ]);
  });

  it('is changed before or after moderators answer, and never in between: no reason is lost', async () => {
    for (let round = 0; round < 8; round++) {
      const subject = postOf(bo!);
      const { id } = await report(ann!, subject, 'SPAM');
      const [answered, said] = await Promise.all([
        world.call(reportRpc.resolve, { moderatorId: mo!.id, id, outcome: 'NO_ACTION' }),
        report(ann!, subject, 'HATE'),
      ]);
      expect(said.id === id ? answered.report.reason : said.state).toBe(said.id === id ? 'HATE' : 'OPEN');
    }
  });

  it('answers a repeat under the same key, also when the reporter sees the subject no more, and refuses another reason under it', async () => {
    const subject = postOf(bo!);
    const options = { idempotencyKey: newId() };
    const send = (ownerId: string | null, reason: ReportReason) =>
      world.call(reportRpc.create, { reporterId: ann!.id, ...subject, ownerId, reason }, options);
    const first = await send(bo!.id, 'SPAM');
    expect(await send(null, 'SPAM')).toEqual(first);
    await expect(send(null, 'HATE')).rejects.toMatchObject({ details: { reason: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('counts the reporters of one subject in one case, also those who come at once', async () => {
    const subject = commentOf(bo!);
    const reporters = [ann!, cy!, ...(await world.users(6))];
    await Promise.all(reporters.map((reporter) => report(reporter, subject)));
    const rows = (await queue(mo!)).filter(({ subjectId }) => subjectId === subject.subjectId);
    expect(rows.map(({ moderation }) => moderation?.reportCount)).toEqual([reporters.length]);
  });

  it.each([
    ['themselves', () => userSubject(ann!), 'BAD_USER_INPUT', 'ONESELF'],
    ['a post of their own', () => postOf(ann!), 'BAD_USER_INPUT', 'ONESELF'],
    ['nobody', () => userSubject({ ...bo!, id: newId() }), 'NOT_FOUND', undefined],
  ])('refuses %s and writes nothing', async (_whom, subjectOf, code, reason) => {
    const subject = subjectOf();
    await expect(report(ann!, subject)).rejects.toMatchObject({ code, details: { path: ['subjectId'] } });
    await expect(report(ann!, subject)).rejects.toMatchObject({ details: reason ? { reason } : {} });
    expect(await world.db.query('select from report_case where subject_id = $1', [subject.subjectId])).toEqual([]);
  });

  it('refuses a subject whose owner is hidden, and a reporter who may do nothing', async () => {
    await world.db.query(`update profile set status = 'BANNED' where id = any($1)`, [[bo!.id, cy!.id]]);
    await expect(report(ann!, userSubject(bo!))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(report(cy!, userSubject(ann!))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([
    ['a note of 1 MB', { note: 'x'.repeat(1_000_000) }, ['note']],
    ['a note that cannot be stored', { note: 'a\0b' }, ['note']],
    ['half of a character', { note: 'a\ud800' }, ['note']],
    ['a reason that nobody knows', { reason: 'DISLIKE' as 'SPAM' }, ['reason']],
    ['an id that is none', { subjectId: "'; drop table report" }, ['subjectId']],
  ])('refuses %s at its field', async (_what, wrong, path) => {
    const input = { reporterId: ann!.id, ...postOf(bo!), reason: 'SPAM' as const, ...wrong };
    await expect(world.call(reportRpc.create, input)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path },
    });
  });
});

describe('a report', () => {
  it('is seen by its reporter and by moderators, and by nobody whom it is about', async () => {
    const admin = await userWith('ADMIN');
    const { id } = await report(ann!, userSubject(mo!));
    expect(await asSeenBy(ann!, id)).toMatchObject({ id, moderation: null });
    expect(await asSeenBy(admin, id)).toMatchObject({ id, moderation: { reportCount: 1, resolverId: null } });
    expect([await asSeenBy(bo!, id), await asSeenBy(mo!, id)]).toEqual([undefined, undefined]);
    expect((await queue(mo!)).map((seen) => seen.id)).not.toContain(id);
    const related = (moderatorId: string) => world.call(reportRpc.related, { moderatorId, id });
    expect((await related(mo!.id)).edges).toEqual([]);
    expect((await related(admin.id)).edges.map(({ node }) => node.id)).toEqual([id]);
  });

  it('says nothing of who has made it', async () => {
    const { id } = await report(ann!, postOf(bo!));
    expect(JSON.stringify([await asSeenBy(mo!, id), await queue(mo!)])).not.toContain(ann!.id);
  });

  it('stands in the list of its reporter, newest first, page by page', async () => {
    const ids: string[] = [];
    for (const subject of [postOf(bo!), commentOf(bo!), userSubject(bo!)])
      ids.unshift((await report(ann!, subject)).id);
    const first = await world.call(reportRpc.mine, { reporterId: ann!.id, first: 2 });
    const rest = await world.call(reportRpc.mine, { reporterId: ann!.id, after: first.edges[1]!.cursor });
    expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).toEqual(ids);
    expect(first.edges.map(({ node }) => node.moderation)).toEqual([null, null]);
    expect([first.hasNextPage, rest.hasNextPage]).toEqual([true, false]);
  });
});

describe('the queue of moderators', () => {
  it('is closed to everybody else', async () => {
    const { id } = await report(ann!, postOf(bo!));
    await expect(queue(ann!)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(world.call(reportRpc.related, { moderatorId: ann!.id, id })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const reportId of [id, newId()])
      await expect(
        world.call(reportRpc.resolve, { moderatorId: ann!.id, id: reportId, outcome: 'NO_ACTION' }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN', details: {} });
  });

  it('shows each subject once, with the first report of it, and all reports beneath', async () => {
    const [one, two] = [postOf(bo!), commentOf(bo!)];
    const first = await report(ann!, one, 'NUDITY');
    const other = await report(ann!, two);
    const second = await report(cy!, one, 'HATE', 'Again.');
    const rows = (await queue(mo!)).filter(({ ownerId }) => ownerId === bo!.id);
    expect(rows.map(({ id, reason, moderation }) => [id, reason, moderation?.reportCount])).toEqual([
      [other.id, 'SPAM', 1],
      [first.id, 'NUDITY', 2],
    ]);
    const related = await world.call(reportRpc.related, { moderatorId: mo!.id, id: first.id });
    expect(related.edges.map(({ node }) => node.id)).toEqual([second.id, first.id]);
  });

  it('is read page by page without a repeat while subjects are reported and resolved', async () => {
    const reports = [];
    for (let index = 0; index < 5; index++) reports.push(await report(ann!, postOf(bo!)));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await world.call(reportRpc.queue, {
        moderatorId: mo!.id,
        resolvedByMe: false,
        state: 'OPEN',
        first: 2,
        after,
      });
      seen.push(...page.edges.map(({ node }) => node.id));
      after = page.hasNextPage ? page.edges.at(-1)!.cursor : undefined;
      await report(ann!, postOf(bo!));
      await world.call(reportRpc.resolve, { moderatorId: mo!.id, id: seen.at(-1)!, outcome: 'NO_ACTION' });
    } while (after);
    const mine = reports.map(({ id }) => id);
    expect(seen.filter((id) => mine.includes(id))).toEqual([...mine].reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('resolving a report', () => {
  const resolve = (moderator: Profile, id: string, more: object) =>
    world.call(reportRpc.resolve, { moderatorId: moderator.id, id, outcome: 'NO_ACTION', ...more });
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

  it('answers all reports of its subject, and tells each reporter the outcome and nothing else', async () => {
    const subject = postOf(bo!);
    const [first, second] = [await report(ann!, subject), await report(cy!, subject)];
    const { report: answer, content } = await resolve(mo!, second.id, { note: 'Fine.' });
    expect(content).toBeNull();
    expect(answer).toMatchObject({ id: second.id, state: 'RESOLVED', outcome: 'NO_ACTION' });
    expect(answer.moderation).toEqual({ reportCount: 2, resolverId: mo!.id, resolutionNote: 'Fine.' });
    const resolved = { state: 'RESOLVED', outcome: 'NO_ACTION', resolvedAt: answer.resolvedAt, moderation: null };
    expect(await asSeenBy(ann!, first.id)).toEqual({ ...first, ...resolved });
    expect(await report(ann!, subject)).toEqual({ ...first, ...resolved });
    expect(await actionsOn(bo!)).toEqual([
      { moderator_id: mo!.id, action: 'DISMISS_REPORTS', reason: 'Fine.', content_id: subject.subjectId },
    ]);
    expect((await queue(mo!, { state: 'OPEN' })).map(({ id }) => id)).not.toContain(first.id);
    expect((await queue(mo!, { resolvedByMe: true })).map(({ id }) => id)).toEqual([first.id]);
  });

  it('is NOT_FOUND once the owner has deleted the account, and records nothing', async () => {
    const { id } = await report(ann!, postOf(bo!));
    await world.db.query(`update profile set status = 'DELETED' where id = $1`, [bo!.id]);
    await expect(resolve(mo!, id, {})).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['id'] } });
    expect(await actionsOn(bo!)).toEqual([]);
  });

  it('lets another reporter open a new case', async () => {
    const subject = postOf(bo!);
    await resolve(mo!, (await report(ann!, subject)).id, {});
    const later = await report(cy!, subject);
    expect(later.state).toBe('OPEN');
    expect(await asSeenBy(mo!, later.id)).toMatchObject({ state: 'OPEN', moderation: { reportCount: 1 } });
  });

  it('hides content by an event with the words for its author, each time with a higher version', async () => {
    const subject = commentOf(bo!);
    const { id } = await report(ann!, subject);
    const { content } = await resolve(mo!, id, { outcome: 'CONTENT_HIDDEN', note: 'Be kind.' });
    const { kind, contentId } = { kind: 'comment' as const, contentId: subject.subjectId };
    expect(content).toEqual({ kind, contentId, hidden: true, reason: 'Be kind.', version: expect.any(Number) });
    const restore = { moderatorId: mo!.id, kind, contentId, ownerId: bo!.id, hidden: false, reason: 'A mistake.' };
    const restored = await world.call(reportRpc.moderateContent, restore);
    expect(restored.version).toBeGreaterThan(content!.version);
    const events = (await world.published(userEvent.contentModerated)).filter((event) => event.contentId === contentId);
    expect(events).toEqual([content, restored]);
    expect((await actionsOn(bo!)).map((row) => Object.values(row as object))).toEqual([
      [mo!.id, 'HIDE_COMMENT', 'Be kind.', contentId],
      [mo!.id, 'RESTORE_COMMENT', 'A mistake.', contentId],
    ]);
  });

  it('suspends or bans the owner with the acts that exist', async () => {
    const until = tomorrow();
    await resolve(mo!, (await report(ann!, postOf(bo!))).id, { outcome: 'USER_SUSPENDED', note: 'Spam.', until });
    await resolve(mo!, (await report(ann!, userSubject(cy!))).id, { outcome: 'USER_BANNED', note: 'Spam.' });
    const account = (userId: string) => world.call(accountRpc.account, { moderatorId: mo!.id, userId });
    expect(await account(bo!.id)).toMatchObject({ status: 'SUSPENDED', suspendedUntil: until, reason: 'Spam.' });
    expect(await account(cy!.id)).toMatchObject({ status: 'BANNED', reason: 'Spam.' });
    expect([await actionsOn(bo!), await actionsOn(cy!)]).toMatchObject([[{ action: 'SUSPEND' }], [{ action: 'BAN' }]]);
  });

  it.each([
    ['hide a user', 'user', { outcome: 'CONTENT_HIDDEN', note: 'x' }, ['outcome']],
    ['hide without saying why', 'post', { outcome: 'CONTENT_HIDDEN' }, ['note']],
    ['ban without saying why', 'user', { outcome: 'USER_BANNED' }, ['note']],
    ['suspend without an end', 'user', { outcome: 'USER_SUSPENDED', note: 'x' }, ['until']],
    ['suspend until yesterday', 'user', { outcome: 'USER_SUSPENDED', note: 'x', until: -1 }, ['until']],
    ['ban until tomorrow', 'user', { outcome: 'USER_BANNED', note: 'x', until: 1 }, ['until']],
  ] as const)('refuses to %s, and writes nothing', async (_what, kind, { ...input }, path) => {
    const { id } = await report(ann!, kind === 'user' ? userSubject(bo!) : postOf(bo!));
    const until = 'until' in input && new Date(Date.now() + input.until * 86_400_000).toISOString();
    await expect(resolve(mo!, id, { ...input, ...(until && { until }) })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path },
    });
    expect(await asSeenBy(mo!, id)).toMatchObject({ state: 'OPEN' });
    expect(await actionsOn(bo!)).toEqual([]);
  });

  it('is for those who rank above the owner, and for nobody whom it is about', async () => {
    const [admin, other] = [await userWith('ADMIN'), await userWith('MODERATOR')];
    const about = await report(ann!, userSubject(mo!));
    await expect(resolve(other, about.id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const id of [about.id, newId()])
      await expect(resolve(mo!, id, {})).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['id'] } });
    expect((await resolve(admin, about.id, {})).report.state).toBe('RESOLVED');
  });

  it('has one winner, and a repeat with its key is no conflict', async () => {
    const { id } = await report(ann!, postOf(bo!));
    const moderators = [mo!, ...(await Promise.all(Array.from({ length: 4 }, () => userWith('MODERATOR'))))];
    const outcomes = await Promise.allSettled(moderators.map((moderator) => resolve(moderator, id, {})));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(resolve(mo!, id, {})).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'REPORT_RESOLVED' },
    });
    expect(await actionsOn(bo!)).toHaveLength(1);
    const other = await report(ann!, postOf(bo!));
    const again = () =>
      world.call(
        reportRpc.resolve,
        { moderatorId: mo!.id, id: other.id, outcome: 'NO_ACTION' },
        { idempotencyKey: other.id },
      );
    expect(await again()).toEqual(await again());
  });
});

describe('the erasure of an account', () => {
  it('removes what the user has reported and counts it off, and all reports about the user', async () => {
    await serveMediaErasing(world.messaging);
    const [shared, alone] = [postOf(bo!), postOf(cy!)];
    const stays = await report(cy!, shared);
    for (const subject of [shared, alone]) await report(ann!, subject);
    await report(bo!, userSubject(ann!), 'HARASSMENT', 'Shouts.');
    await report(cy!, postOf(ann!));
    const erasure = await world.call(accountRpc.delete, { userId: ann!.id });
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await placesOf(world, ann!.id)).toEqual(['erasure.user_id']);
    expect(await asSeenBy(mo!, stays.id)).toMatchObject({ moderation: { reportCount: 1 } });
    const cases = await world.db.query<{ subject_id: string }>(
      'select subject_id from report_case where owner_id = $1',
      [cy!.id],
    );
    expect(cases).toEqual([]);
    expect(await world.call(reportRpc.mine, { reporterId: bo!.id })).toMatchObject({ edges: [] });
  });

  describe('beside a new report of the same subject', () => {
    const eraseOfAnn = (db: Database) =>
      db.transaction((tx) => world.app.get(ReportsErasure).eraseBatch(tx, ann!.id, (full) => full));
    const isWaitedFor = () => eventually(async () => expect(await world.db.query(WAITING)).not.toEqual([]), 5_000);
    const countsOf = ({ subjectId }: Subject) => world.db.query(COUNTS, [subjectId]);

    it.each([
      ['the only one', 0],
      ['one of two', 1],
    ])('that counts off %s counts the new one, which was there first', async (_, others) => {
      const subject = postOf(bo!);
      await report(ann!, subject);
      if (others > 0) await report(mo!, subject);
      const { erasure } = await world.db.transaction(async (tx) => {
        const made = {
          id: newId(),
          caseId: newId(),
          reporterId: cy!.id,
          ...subject,
          reason: 'SPAM',
          note: null,
        } as const;
        await world.app.get(ReportsRepository).insert(tx, made);
        const erasure = eraseOfAnn(world.app.get(Database));
        await isWaitedFor();
        return { erasure };
      });
      await erasure;
      expect(await countsOf(subject)).toEqual([{ stored: others + 1, reports: others + 1 }]);
    });

    it('that takes the case away leaves a case of its own to the one that waited', async () => {
      const subject = postOf(bo!);
      await report(ann!, subject);
      const { reporting } = await world.db.transaction(async (tx) => {
        await world.app.get(ReportsErasure).eraseBatch(tx, ann!.id, (full) => full);
        const reporting = report(cy!, subject);
        await isWaitedFor();
        return { reporting };
      });
      await reporting;
      expect(await countsOf(subject)).toEqual([{ stored: 1, reports: 1 }]);
    });
  });
});

const WAITING = `
  select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like '%report_case%'`;
const COUNTS = `
  select report_count as stored, (select count(*)::integer from report where case_id = c.id) as reports
  from report_case c where subject_id = $1`;
