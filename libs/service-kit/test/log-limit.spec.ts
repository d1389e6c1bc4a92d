import { randomUUID } from 'node:crypto';
import { eventually } from '@fowergram/testing';
import { commonVariables, createLogger, defineConfig, LOG_LIMITS, port, withEnvelope } from '../src/index.js';

const config = defineConfig({ ...commonVariables, PORT: port(0) }).read({ ENVIRONMENT: 'test', LOG_LEVEL: 'info' });

describe('a failure that repeats', () => {
  let written: string[];
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  const bytes = () => written.reduce((sum, line) => sum + line.length, 0);
  let log: ReturnType<typeof createLogger>;

  beforeEach(() => {
    const mine: string[] = [];
    written = mine;
    // Not by the variable: what the logger of an earlier test still has to say must not arrive here.
    log = createLogger('probe', config, { write: (line) => mine.push(line) });
  });

  it('is written at once, and then once a second with the number of times and the fields of the last', async () => {
    for (let count = 0; count < 5_000; count++) log.warn({ err: new Error('away'), count }, 'not possible now');
    expect(lines()).toEqual([expect.objectContaining({ count: 0, msg: 'not possible now' })]);
    await eventually(() => written.length === 2);
    expect(lines()[1]).toMatchObject({ count: 4_999, repeated: 4_999, msg: 'not possible now', level: 40 });
    expect(bytes()).toBeLessThan(10_000);
  });

  it('is written at once again when it has been quiet for a second', async () => {
    log.error('failed');
    log.error('failed');
    await eventually(() => written.length === 2);
    await eventually(() => {
      log.error('failed');
      return lines().length >= 4;
    });
    expect(lines().slice(0, 2)).toEqual([
      expect.not.objectContaining({ repeated: expect.anything() }),
      expect.objectContaining({ repeated: 1 }),
    ]);
  });

  it('hides no failure of another kind: other words, another level or another error', () => {
    log.error({ err: new TypeError('a') }, 'failed');
    log.error({ err: new RangeError('a') }, 'failed');
    log.error({ err: Object.assign(new Error('a'), { code: 'ECONNREFUSED' }) }, 'failed');
    log.warn({ err: new TypeError('a') }, 'failed');
    log.error({ err: new TypeError('a') }, 'failed too');
    expect(written).toHaveLength(5);
  });

  it('makes no more lines in a second than there are kinds, even where each has words of its own', () => {
    for (let i = 0; i < 3_000; i++) log.error(`failed ${randomUUID()}`);
    expect(written).toHaveLength(LOG_LIMITS.kinds + 1);
  });

  it('carries the correlation id of the last request that it happened to', async () => {
    for (const correlationId of ['first', 'second', 'third'])
      withEnvelope({ correlationId, deadlineAt: Infinity }, () => log.error('failed'));
    await eventually(() => written.length === 2);
    expect(lines().map(({ correlationId }) => correlationId)).toEqual(['first', 'third']);
  });

  it('has no more than a few kilobytes, whatever stands in the error and its causes', () => {
    const cause = Object.assign(new Error('y'.repeat(100_000)), { command: { args: ['z'.repeat(100_000)] } });
    log.error(
      { err: Object.assign(new Error('x'.repeat(100_000), { cause }), { sql: 'x'.repeat(100_000) }) },
      'failed',
    );
    expect(bytes()).toBeLessThan(10_000);
    expect(lines()[0]).toMatchObject({ err: { type: 'Error', stack: expect.stringContaining('xxx') } });
  });

  it('stays apart from what is no failure, of which nothing is left out', () => {
    for (let i = 0; i < 100; i++) log.info({ i }, 'upload ended');
    expect(written).toHaveLength(100);
  });
});
