import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Redis } from 'ioredis';
import { testVariable } from '@fowergram/testing';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const PAIRS = 20;
const AT_A_TIME = 2;
const ROUNDS = 4;
const TICK_MS = 500;
const EXTRA_WORK_MS = 120;
/** Timers and clocks disagree by a millisecond or so. */
const CLOCK_MS = 5;

/** The real core, which takes longer over accounts that exist. */
async function slowCore(isKnown: (text: string) => boolean): Promise<{ url: string; server: Server }> {
  const core = testVariable('TEST_SUPERTOKENS_CONNECTION_URI').replace(/\/$/, '');
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(
          ([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name),
        ),
      ) as Record<string, string>;
      const answer = await fetch(`${core}${request.url}`, {
        method: request.method!,
        headers,
        ...(body.length > 0 ? { body } : {}),
      });
      const text = await answer.text();
      if (request.method === 'POST' && isKnown(String(body)))
        await new Promise((resolve) => setTimeout(resolve, EXTRA_WORK_MS));
      response
        .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
        .end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}

describe('whether somebody has an account', () => {
  let world: World;
  let redis: Redis;
  let core: { url: string; server: Server };
  let ann: TestUser | undefined;

  beforeAll(async () => {
    core = await slowCore((text) => ann !== undefined && text.includes(ann.email));
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    redis = new Redis(world.redis.url);
    ann = await world.signUp();
  });
  afterAll(async () => {
    redis?.disconnect();
    await world?.close();
    core?.server.closeAllConnections();
    core?.server.close();
  });

  const nobody = () => `p_${randomBytes(6).toString('hex')}@example.com`;
  const passwordForm = (email: string, password: string) => ({
    formFields: signUpForm('', email, password).formFields.slice(0, 2),
  });

  interface Seen {
    ms: number;
    answer: unknown;
  }
  const measure = async (path: string, body: unknown): Promise<Seen> => {
    const startedAt = performance.now();
    const response = await world.post(path, body, { 'x-correlation-id': 'one-and-the-same' });
    const text = await response.text();
    const ms = performance.now() - startedAt;
    // What is made anew for every asker has the same length for each of them.
    const answer = [
      response.status,
      [...response.headers.keys()].sort(),
      text.replace(/"(deviceId|preAuthSessionId)":"[^"]*"/g, '"$1":""'),
    ];
    return { ms, answer };
  };

  /** Known and unknown in turns. A busy machine may push a round over a tick, so that a round counts, not a request. */
  const expectNoDifference = async (path: string, bodyOf: (email: string) => unknown): Promise<void> => {
    const medians: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const seen: { known: Seen; unknown: Seen }[] = [];
      while (seen.length < PAIRS) {
        await redis.flushall();
        seen.push(
          ...(await Promise.all(
            Array.from({ length: AT_A_TIME }, async () => {
              const [known, unknown] = await Promise.all([
                measure(path, bodyOf(ann!.email)),
                measure(path, bodyOf(nobody())),
              ]);
              return { known, unknown };
            }),
          )),
        );
      }
      for (const { known, unknown } of seen) {
        expect(known.answer).toEqual(unknown.answer);
        expect(Math.min(known.ms, unknown.ms)).toBeGreaterThan(TICK_MS - CLOCK_MS);
      }
      const medianTick = (all: Seen[]) =>
        Math.floor((all.map(({ ms }) => ms).sort((a, b) => a - b)[all.length >> 1]! + CLOCK_MS) / TICK_MS);
      medians.push([medianTick(seen.map(({ known }) => known)), medianTick(seen.map(({ unknown }) => unknown))]);
      if (medians.at(-1)![0] === medians.at(-1)![1]) return;
    }
    throw new Error(`Known and unknown accounts were answered at different ticks: ${JSON.stringify(medians)}`);
  };

  it(
    'a wrong password does not tell',
    () => expectNoDifference('/auth/signin', (email) => passwordForm(email, 'wrong-horse-1')),
    120_000,
  );
  it(
    'asking for a reset does not tell',
    () =>
      expectNoDifference('/auth/user/password/reset/token', (email) => ({
        formFields: [{ id: 'email', value: email }],
      })),
    120_000,
  );
  it(
    'asking for a code does not tell',
    () => expectNoDifference('/auth/signinup/code', (email) => ({ email })),
    120_000,
  );

  it.each([73, 101, 10_000])('a password of %d characters does not tell', async (length) => {
    const [known, unknown] = await Promise.all([
      measure('/auth/signin', passwordForm(ann!.email, 'x1'.repeat(length).slice(0, length))),
      measure('/auth/signin', passwordForm(nobody(), 'x1'.repeat(length).slice(0, length))),
    ]);
    expect(known.answer).toEqual(unknown.answer);
    expect(Math.min(known.ms, unknown.ms)).toBeGreaterThan(TICK_MS - CLOCK_MS);
  });

  it('a token that is wrong is answered at a tick, too', async () => {
    const answers = await Promise.all([
      measure('/auth/user/email/verify', { method: 'token', token: 'x' }),
      measure('/auth/user/password/reset', { token: 'x', formFields: [{ id: 'password', value: 'correct-horse-2' }] }),
    ]);
    for (const { ms } of answers) expect(ms).toBeGreaterThan(TICK_MS - CLOCK_MS);
  });

  it('who signs in does not wait for a tick', async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round++)
      times.push((await measure('/auth/signin', passwordForm(ann!.email, 'correct-horse-1'))).ms % TICK_MS);
    // Paced answers all come right behind a tick.
    expect(Math.max(...times)).toBeGreaterThan(50);
  });
});
