import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const CASE = `
  insert into report_case (id, subject_kind, subject_id, owner_id, report_count, opened_at) values ($1, 'user', $2, $2, 1, $3)`;
const REPORT = `
  insert into report (id, case_id, reporter_id, subject_id, owner_id, reason, created_at) values ($1, $2, $3, $4, $4, 'SPAM', $5)`;

interface Reported {
  report: string;
  caseId: string;
  subject: string;
}

async function reportSomebody(stage: Stage, reporter: string, at: Date): Promise<Reported> {
  const [report, caseId, subject] = [randomUUID(), randomUUID(), await stage.user()];
  await stage.write('user', CASE, [caseId, subject, at]);
  await stage.write('user', REPORT, [report, caseId, reporter, subject, at]);
  return { report, caseId, subject };
}

async function removeCase(stage: Stage, report: string): Promise<void> {
  const [row] = await stage.write<{ id: string }>('user', 'delete from report where id = $1 returning case_id as id', [
    report,
  ]);
  await stage.write('user', 'delete from report_case where id = $1', [row!.id]);
}

const reports =
  (reporterOf: (stage: Stage) => Promise<string>) =>
  async (stage: Stage): Promise<OpenList> => ({
    add: async (at) => (await reportSomebody(stage, await reporterOf(stage), at)).report,
    remove: (id) => removeCase(stage, id),
  });

/** Moderators see all but what is about themselves. */
async function queue(stage: Stage): Promise<OpenList> {
  return {
    ...(await reports(() => stage.user())(stage)),
    addUnseen: async (count) => stage.write('user', CASES, [stage.viewerId, await stage.user(), count]),
  };
}

const CASES = `
  with made as (
    insert into report_case (id, subject_kind, subject_id, owner_id, report_count, opened_at)
    select gen_random_uuid(), 'post', gen_random_uuid(), $1, 1, now() from generate_series(1, $3::integer) returning *
  )
  insert into report (id, case_id, reporter_id, subject_id, owner_id, reason, created_at)
  select gen_random_uuid(), id, $2, subject_id, owner_id, 'SPAM', opened_at from made`;

async function relatedReports(stage: Stage): Promise<OpenList> {
  const { report, caseId, subject } = await reportSomebody(stage, await stage.user(), new Date());
  return {
    ownerId: `report_${report}`,
    add: async (at) => {
      const id = randomUUID();
      await stage.write('user', REPORT, [id, caseId, await stage.user(), subject, at]);
      return id;
    },
    remove: (id) => stage.write('user', 'delete from report where id = $1', [id]),
  };
}

const OWN = 'The viewer sees all that is their own.';
const ONE_OWNER = 'All of a case are about one user: a moderator sees the whole list, or nothing of it.';

export const reportLists: ListCase[] = [
  { field: 'Query.myReports', open: reports(async (stage) => stage.viewerId), noCrowd: OWN },
  {
    field: 'Query.reports',
    args: 'state: OPEN',
    otherArgs: 'state: RESOLVED',
    open: queue,
  },
  { field: 'Report.relatedReports', open: relatedReports, noCrowd: ONE_OWNER },
];
