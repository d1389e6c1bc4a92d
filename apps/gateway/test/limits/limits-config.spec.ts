import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { nameOf, reasonOf } from '../../src/limits/counted-limits.js';
import {
  type Bucket,
  bucketNames,
  limits,
  REFUSED_DOCUMENT_POINTS,
  ROOT_FIELD_POINTS,
} from '../../src/limits/limits.config.js';
import { mutationPoints } from '../../src/limits/mutation-points.rules.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
const docs = readFileSync('docs/limits.md', 'utf8');

describe('the request limits', () => {
  it('name the buckets of every mutation, and of nothing else', () => {
    expect(Object.keys(mutationPoints).sort()).toEqual(Object.keys(schema.getMutationType()!.getFields()).sort());
  });

  it('take a write for every mutation', () => {
    const free = Object.entries(mutationPoints).filter(([, points]) => points.writes?.({}) !== 1);
    expect(free).toEqual([]);
  });

  it('have a limit for each bucket that a mutation takes from', () => {
    const taken = Object.values(mutationPoints).flatMap((points) => Object.keys(points) as Bucket[]);
    expect(taken.filter((bucket) => limits[bucket].length === 0)).toEqual([]);
  });

  it('are by user and by address, of signed-in users and of visitors', () => {
    const per = (bucket: Bucket) => new Set(limits[bucket].map((limit) => limit.per));
    expect(per('reads')).toEqual(new Set(['user', 'address', 'visitor']));
    for (const bucket of ['writes', 'uploads', 'uploadBytes'] as const)
      expect([bucket, per(bucket)]).toEqual([bucket, new Set(['user', 'address'])]);
    expect(per('connections')).toEqual(new Set(['user', 'visitor']));
    expect(per('badTokens')).toEqual(new Set(['visitor']));
  });

  it.each(['likes', 'comments', 'follows', 'posts', 'uploads', 'uploadBytes', 'names', 'reports'] as const)(
    'are by hour and by day: %s',
    (bucket) => {
      const windows = limits[bucket].filter(({ per }) => per === 'user').map(({ seconds }) => seconds);
      expect(windows).toEqual([3_600, 86_400]);
    },
  );

  it('stand in docs/limits.md, each with its reason, and no other', () => {
    const rows = Object.entries(limits).flatMap(([bucket, ofBucket]) =>
      ofBucket.map((limit) => [
        `\`${nameOf(bucket as Bucket, limit)}\``,
        `\`${reasonOf(bucket as Bucket)}\``,
        limit.points.toLocaleString('en'),
        limit.per,
        limit.because,
      ]),
    );
    const table = docs.slice(docs.indexOf('| limit |')).split('\n\n')[0]!;
    expect(table.split('\n').slice(2)).toEqual(rows.map((row) => `| ${row.join(' | ')} |`));
  });

  it('say in docs/limits.md what a field and a refused text take', () => {
    expect(docs).toContain(`${ROOT_FIELD_POINTS} points for each root field`);
    expect(docs).toContain(`A text that is refused takes ${REFUSED_DOCUMENT_POINTS}`);
  });

  it('say in docs/limits.md which buckets a mutation takes from', () => {
    const special = Object.entries(mutationPoints).filter(([, points]) => Object.keys(points).length > 1);
    for (const [field, points] of special)
      for (const bucket of Object.keys(points).filter((name) => name !== 'writes'))
        expect(docs).toMatch(new RegExp(`^\\| .*\\\`${field}\\\`.* \\| ${bucketNames[bucket as Bucket]} \\|`, 'm'));
  });
});
