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
    server.addHook('onRequest', async () => log.info('arrived'));
    server.post('/', async () => {
      await Promise.resolve();
      log.info('handled');
      return currentEnvelope();
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => server.close());

  const post = (headers: Record<string, string>, body: string) =>
    fetch(server.listeningOrigin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const send = async (headers: Record<string, string> = {}): Promise<string> => {
    const answer = await post(headers, JSON.stringify({ text: 'x'.repeat(100_000) }));
    return ((await answer.json()) as { correlationId: string }).correlationId;
  };

  it("has the client's correlation id, which is on every line that is logged meanwhile", async () => {
    expect(await send({ 'x-correlation-id': 'my-id-1' })).toBe('my-id-1');
    expect(lines.slice(-2)).toMatchObject([
      { msg: 'arrived', correlationId: 'my-id-1' },
      { msg: 'handled', correlationId: 'my-id-1' },
    ]);
  });

  it('names its correlation id in the answer, also where the body is refused or no route is found', async () => {
    const headers = { 'x-correlation-id': 'my-id-2' };
    const refused = await post(headers, '{');
    const nowhere = await fetch(`${server.listeningOrigin}/nowhere`, { headers });
    const idOf = ({ status, headers: given }: Response) => [status, given.get('x-correlation-id')];
    expect([idOf(refused), idOf(nowhere)]).toEqual([
      [400, 'my-id-2'],
      [404, 'my-id-2'],
    ]);
  });

  it('has a new correlation id for each request of a connection that sends none, or one that cannot be logged', async () => {
    const ids = [await send(), await send(), await send({ 'x-correlation-id': 'no spaces' })];
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain('no spaces');
  });
});
