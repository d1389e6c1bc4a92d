import { createDatabase, eventually, type TestDatabase } from '@fowergram/testing';
import { Database } from '../src/index.js';
import { Coalesced } from '../src/replicas/coalesced.js';
import { isUpTo, type Mark, markOf } from '../src/replicas/mark.js';
import { Replicas } from '../src/replicas/replicas.js';

const MARK: Mark = { lsn: 0x1f_ffff_fff0n, timeline: 2, system: '7' };
const STATE = { replayed: '1F/FFFFFFF0', isReplica: true, timeline: 2, system: '7' };

describe('a server', () => {
  it.each([
    ['that has replayed all', {}, true],
    ['that has replayed more, in the next segment', { replayed: '20/0' }, true],
    ['that has not replayed all, though its digits are higher', { replayed: '9/FFFFFFF8' }, false],
    ['that has never replayed anything', { replayed: null }, false],
    ['that is a primary', { isReplica: false }, false],
    ['that follows the primary of before', { timeline: 1, replayed: '20/0' }, false],
    ['of another cluster', { system: '8', replayed: '20/0' }, false],
  ])('%s is read from as far as it may be', (_which, differs, isRead) => {
    expect(isUpTo(MARK, { ...STATE, ...differs })).toBe(isRead);
  });
});

describe('a question for all who wait', () => {
  it('is asked after each of them came, once for those who came while it was under way, and again after a failure', async () => {
    const answers: ((answer: number | Error) => void)[] = [];
    const question = new Coalesced(
      () =>
        new Promise<number>((resolve, reject) =>
          answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
        ),
    );
    const first = question.ask();
    const late = [question.ask(), question.ask()];
    expect(answers).toHaveLength(1);
    answers[0]!(new Error('the first fails'));
    await expect(first).rejects.toThrow('the first fails');
    await eventually(() => answers.length === 2);
    answers[1]!(2);
    expect(await Promise.all(late)).toEqual([2, 2]);
    expect(answers).toHaveLength(2);
  });
});

describe('reads for replicas', () => {
  let database: TestDatabase;
  let primary: Database;
  const opened: Replicas[] = [];

  beforeAll(async () => {
    database = await createDatabase('user');
    primary = new Database({ url: database.url, max: 2 });
  });
  afterAll(async () => {
    await Promise.all(opened.map((replicas) => replicas.close()));
    await primary?.close();
    await database?.drop();
  });

  /** Who has answered a read, and what was said of the replicas. */
  async function readFrom(urls: string[]) {
    const heard: string[] = [];
    const replicas = new Replicas(primary, {
      urls,
      max: 2,
      onRead: (target) => heard.push(target),
      onChange: (replica, absence) => heard.push(`${replica} ${absence?.reason ?? 'is used'}`),
    });
    opened.push(replicas);
    await replicas.look();
    expect(await replicas.query('select $1::int as n', [7])).toEqual([{ n: 7 }]);
    return { heard, lags: replicas.lagsMs() };
  }

  it('are answered by the primary where there are none, without a question more', async () => {
    expect(await readFrom([])).toEqual({ heard: [], lags: [] });
  });

  it('are answered by the primary while an address leads to no replica, or to nobody', async () => {
    const { heard, lags } = await readFrom([database.url, 'postgres://nobody@127.0.0.1:9/nothing']);
    expect(heard.at(-1)).toBe('primary');
    expect(heard.slice(0, -1).sort()).toEqual(['1 is no replica of this primary', '2 does not answer']);
    expect(lags).toHaveLength(2);
  });

  it('are late by what was written after the mark, and by nothing that was written before', async () => {
    const before = await markOf(primary);
    await primary.query('create table mark_probe (n int)');
    const after = await markOf(primary);
    expect([after.timeline, after.system]).toEqual([before.timeline, before.system]);
    expect(after.lsn > before.lsn).toBe(true);
  });
});
