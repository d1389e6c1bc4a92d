import { Writable } from 'node:stream';
import { fastify } from 'fastify';
import { createLogger, currentEnvelope } from '@fowergram/service-kit';
import { openEnvelopes } from '../../src/api/context/request-envelope.js';

describe('the envelope of a request', () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(JSON.parse(String(line)) as Record<string, unknown>);
      done();
    },
  });
  const log = createLogger(
    'probe',
    { APP_NAME: 'Probe', APP_VERSION: '1', ENVIRONMENT: 'test', LOG_LEVEL: 'info', OPERATOR_PORT: 0 },
    stream,
  );
  const server = fastify();

  beforeAll(async () => {
    openEnvelopes(server);
    server.post('/', async () => {
      await Promise.resolve();
      log.info('handled');
      return currentEnvelope();
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => server.close());

  const send = async (headers: Record<string, string> = {}): Promise<string> => {
    const body = JSON.stringify({ text: 'x'.repeat(100_000) });
    const url = server.listeningOrigin;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return ((await answer.json()) as { correlationId: string }).correlationId;
  };

  it("has the client's correlation id, which is on every line that is logged meanwhile", async () => {
    expect(await send({ 'x-correlation-id': 'my-id-1' })).toBe('my-id-1');
    expect(lines.at(-1)).toMatchObject({ msg: 'handled', correlationId: 'my-id-1' });
  });

  it('has a new correlation id for each request of a connection that sends none, or one that cannot be logged', async () => {
    const ids = [await send(), await send(), await send({ 'x-correlation-id': 'no spaces' })];
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain('no spaces');
  });
});
