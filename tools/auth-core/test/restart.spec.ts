import { decodeJwt } from 'jose';
import { eventually } from '@fowergram/testing';
import { codeOf } from '../src/totp-code.js';
import type { Body } from './core-client.js';
import { insideOnly } from './outside.js';
import { refuseToStart, startCore, type Program } from './program.js';
import { World } from './world.js';

const options = { features: ['mfa' as const] };
let world: World;
beforeAll(async () => {
  world = await World.create(options);
});
afterAll(() => world.drop());

describe('a restart', () => {
  insideOnly.process('keeps keys and every session, final or not', async () => {
    const moving = await world.newSession();
    const fixed = await world.newSession({ useDynamicSigningKey: false, enableAntiCsrf: true });
    const child = await world.refresh(moving.refreshToken.token);
    const keysBefore = await world.get('/.well-known/jwks.json');
    await world.restart(options);
    expect(await world.get('/.well-known/jwks.json')).toEqual(keysBefore);
    expect((await world.verify(moving.accessToken.token, { checkDatabase: true })).status).toBe('OK');
    expect((await world.verify(child.accessToken.token)).accessToken).toBeDefined();
    expect((await world.refresh(moving.refreshToken.token)).status).toBe('TOKEN_THEFT_DETECTED');
    expect((await world.refresh(child.refreshToken.token)).status).toBe('OK');
    expect(
      (
        await world.refresh(fixed.refreshToken.token, {
          enableAntiCsrf: true,
          antiCsrfToken: fixed.antiCsrfToken,
          useDynamicSigningKey: false,
        })
      ).status,
    ).toBe('OK');
  });

  insideOnly.process('keeps the e-mailed tokens that were issued', async () => {
    const { userId, email } = await world.signUp();
    const reset = await world.post('/public/recipe/user/password/reset/token', { userId, email });
    const proof = await world.post('/public/recipe/user/email/verify/token', { userId, email });
    await world.restart(options);
    expect((await world.post('/public/recipe/user/password/reset/token/consume', { token: reset.token })).status).toBe(
      'OK',
    );
    expect((await world.post('/public/recipe/user/email/verify', { method: 'token', token: proof.token })).status).toBe(
      'OK',
    );
  });

  insideOnly.process('keeps a sign-in that is half done, and how often somebody guessed', async () => {
    const sent = await world.post('/public/recipe/signinup/code', { email: world.email() });
    const consume = (userInputCode: string) =>
      world.post('/public/recipe/signinup/code/consume', {
        preAuthSessionId: sent.preAuthSessionId,
        deviceId: sent.deviceId,
        userInputCode,
      });
    const wrong = sent.userInputCode === '000000' ? '111111' : '000000';
    await consume(wrong);
    await world.restart(options);
    expect((await consume(wrong)).failedCodeInputAttemptCount).toBe(2);
    expect((await consume(sent.userInputCode)).status).toBe('OK');
  });

  insideOnly.process('keeps second factors, the code that was used and the guesses', async () => {
    const userId = world.name();
    const { secret } = await world.post('/recipe/totp/device', { userId, deviceName: 'phone', skew: 1, period: 30 });
    const totp = codeOf(secret, Math.floor(world.now() / 30_000));
    await world.post('/public/recipe/totp/device/verify', { userId, deviceName: 'phone', totp });
    const verify = (code: string) => world.post('/public/recipe/totp/verify', { userId, totp: code });
    expect((await verify(totp)).currentNumberOfFailedAttempts).toBe(1);
    await world.restart(options);
    expect((await world.get('/recipe/totp/device/list', { userId })).devices).toEqual([
      { name: 'phone', period: 30, skew: 1, verified: true },
    ]);
    expect(await verify(totp)).toMatchObject({ status: 'INVALID_TOTP_ERROR', currentNumberOfFailedAttempts: 2 });
  });
});

/** A client with two tabs, which refresh at the same moment; the first answer is used, the second is lost. */
class Client {
  rounds = 0;
  private grandparent: string | undefined;
  private parent: string | undefined;

  constructor(private held: string) {}

  /** Until the core no longer answers. */
  async live(core: Program): Promise<void> {
    for (;;) {
      const [answer] = await Promise.all([this.refresh(core), this.refresh(core)]);
      expect(answer.status).toBe('OK');
      [this.grandparent, this.parent, this.held] = [this.parent, this.held, answer.refreshToken.token];
      if (this.rounds % 2 === 0) expect((await this.verify(core, answer.accessToken.token)).status).toBe('OK');
      this.rounds++;
    }
  }

  /** What the model says of a client whose last answers were lost: the held token is good, older ones are stolen goods. */
  async isUnharmed(core: Program): Promise<void> {
    const answer = await this.refresh(core);
    expect(answer.status).toBe('OK');
    expect((await this.verify(core, answer.accessToken.token)).accessToken).toBeDefined();
    const theft = {
      status: 'TOKEN_THEFT_DETECTED',
      session: expect.objectContaining({ handle: decodeJwt(answer.accessToken.token).sessionHandle }),
    };
    for (const old of [this.grandparent, this.parent, this.held]) expect(await this.refresh(core, old)).toEqual(theft);
    expect((await this.refresh(core, answer.refreshToken.token)).status).toBe('OK');
  }

  private refresh = (core: Program, refreshToken = this.held) =>
    post(core, '/recipe/session/refresh', { refreshToken, enableAntiCsrf: false, useDynamicSigningKey: true });
  private verify = (core: Program, accessToken: string) =>
    post(core, '/recipe/session/verify', {
      accessToken,
      doAntiCsrfCheck: false,
      enableAntiCsrf: false,
      checkDatabase: false,
    });
}

const post = async (core: Program, path: string, fields: object): Promise<Body> =>
  (await world.call('POST', path, fields, {}, core.coreClient)).body;

describe('a start', () => {
  insideOnly.process(
    'is refused in production and on an address that others reach',
    async () => {
      for (const variables of [{ NODE_ENV: 'production' }, { ENVIRONMENT: 'production' }] as Record<string, string>[]) {
        expect(await refuseToStart(variables)).toEqual({
          code: 1,
          words: expect.stringContaining('refuses to run in production'),
        });
      }
      expect(await refuseToStart({ HOST: '0.0.0.0' })).toEqual({
        code: 1,
        words: expect.stringContaining('must be a loopback address'),
      });
    },
    90_000,
  );

  insideOnly.process(
    'listens at 127.0.0.1 and nowhere else',
    async () => {
      const core = await startCore(world.databaseUrl);
      expect((await core.coreClient.send({ method: 'GET', url: '/hello' })).statusCode).toBe(200);
      // On Linux whoever listens at every address is reached at this one too.
      await expect(fetch(`http://127.0.0.2:${core.port}/hello`)).rejects.toThrow();
      await core.end('SIGTERM');
    },
    90_000,
  );

  insideOnly.process(
    'of two at once on an empty database makes one set of tables and keys',
    async () => {
      const empty = await World.empty();
      const cores = await Promise.all([startCore(empty.databaseUrl), startCore(empty.databaseUrl)]);
      const lists = await Promise.all(
        cores.map(
          async ({ coreClient }) => (await coreClient.send({ method: 'GET', url: '/.well-known/jwks.json' })).text,
        ),
      );
      expect([new Set(lists).size, (JSON.parse(lists[0]!) as { keys: unknown[] }).keys]).toEqual([
        1,
        [expect.any(Object), expect.any(Object)],
      ]);
      for (const core of cores) await core.end('SIGTERM');
      await empty.drop();
    },
    90_000,
  );
});

describe('a core that is killed', () => {
  insideOnly.process(
    'in the middle of parallel refreshes leaves every session usable, and theft detectable',
    async () => {
      const first = await startCore(world.databaseUrl);
      const clients: Client[] = [];
      for (let count = 0; count < 8; count++) clients.push(new Client((await world.newSession()).refreshToken.token));
      const lives = Promise.allSettled(clients.map((client) => client.live(first)));
      await eventually(() => clients.every((client) => client.rounds >= 4));
      await first.end('SIGKILL');
      // Each ended because nobody answered it, not because of an answer.
      for (const life of await lives)
        expect(life).toMatchObject({
          status: 'rejected',
          reason: { message: expect.stringMatching(/^(fetch failed|terminated)$/) },
        });
      const second = await startCore(world.databaseUrl);
      await Promise.all(clients.map((client) => client.isUnharmed(second)));
      await second.end('SIGTERM');
    },
    60_000,
  );
});
