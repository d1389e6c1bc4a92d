import { randomUUID } from 'node:crypto';
import { commonVariables, createLogger, defineConfig, port, withEnvelope } from '../src/index.js';

const config = defineConfig({ ...commonVariables, PORT: port(0) }).read({ ENVIRONMENT: 'test', LOG_LEVEL: 'info' });

describe('a line of the log', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('probe', config, {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });

  beforeEach(() => {
    lines.length = 0;
  });

  it('carries the correlation id of the request in which it is written', async () => {
    const correlationId = randomUUID();
    await withEnvelope({ correlationId, deadlineAt: Date.now() + 1_000 }, async () => {
      await Promise.resolve();
      log.info({ postId: '1' }, 'done');
    });
    expect(lines).toEqual([expect.objectContaining({ correlationId, postId: '1', msg: 'done' })]);
  });

  it('keeps the correlation id that the code gives', () => {
    withEnvelope({ correlationId: 'outer', deadlineAt: 0 }, () => log.info({ correlationId: 'given' }, 'done'));
    expect(lines).toEqual([expect.objectContaining({ correlationId: 'given' })]);
  });

  it('has no such field outside of a request', () => {
    log.info('done');
    expect(Object.keys(lines[0]!)).not.toContain('correlationId');
  });
});
