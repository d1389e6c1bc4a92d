import { Redis } from 'ioredis';
import { mailRpc } from '@fowergram/contracts-notification';
import { askOperators, eventually, type Program, redisUsersFile, startProgram, testVariable } from '@fowergram/testing';
import { AuthLimitsService } from '../../../src/auth/limits/auth-limits.service.js';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const UNAVAILABLE = failureBody({ code: 'UNAVAILABLE', message: expect.any(String), retryAfterSeconds: 5 });

describe('Redis', () => {
  let world: World;
  let ann: TestUser;
  let again: Program | undefined;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
  });
  afterAll(async () => {
    await world?.close();
    await again?.stop();
  });

  const signIn = (email = ann.email) =>
    world.post('/auth/signin', { formFields: signUpForm('', email).formFields.slice(0, 2) });
  const works = () => eventually(async () => ((await (await signIn()).json()) as { status?: string }).status === 'OK');
  /** Everything that guesses or mails, while nobody can count it. */
  const expectRefusals = async () => {
    const requests: [string, unknown][] = [
      ['/auth/signin', signUpForm('', ann.email)],
      ['/auth/signup', signUpForm('new_person', 'new@example.com')],
      ['/auth/user/password/reset/token', { formFields: [{ id: 'email', value: ann.email }] }],
      ['/auth/user/password/reset', { token: 'x', formFields: [{ id: 'password', value: 'correct-horse-2' }] }],
      ['/auth/user/email/verify', { method: 'token', token: 'x' }],
      ['/auth/user/email/verify/token', {}],
      ['/auth/signinup/code', { email: ann.email }],
      ['/auth/signinup/code/resend', { deviceId: 'x', preAuthSessionId: 'x' }],
      ['/auth/signinup/code/consume', { preAuthSessionId: 'x', linkCode: 'x' }],
      ['/auth/signinup', { thirdPartyId: 'club' }],
      ['/auth/callback/apple', {}],
      ['/auth/session/refresh', {}],
      ['/auth/second-factor/verify', { code: '000000' }],
    ];
    const questions = [
      '/auth/emailpassword/email/exists?email=a@b.cd',
      '/auth/signup/email/exists?email=a@b.cd',
      '/auth/authorisationurl?thirdPartyId=club',
      '/auth/second-factor',
    ].map((path): [string] => [path]);
    const answers = await Promise.all(
      [...requests, ...questions].map(async ([path, body]) => {
        const response = await (body === undefined ? fetch(`${world.url}${path}`) : world.post(path, body));
        return [path, response.status, response.headers.get('retry-after'), await response.json()];
      }),
    );
    expect(answers).toEqual([...requests, ...questions].map(([path]) => [path, 503, '5', UNAVAILABLE]));
  };
  const expectSignedInToWork = async () => {
    expect((await world.gql('{ me { username } }', {}, { as: ann })).data).toEqual({ me: { username: ann.username } });
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(200);
  };

  it('that hangs is answered for by 503 within its timeout, and signed-in users notice nothing', async () => {
    const control = new Redis(world.redis.url);
    // Reads go on: a pause of everything could not be ended.
    await control.client('PAUSE', 60_000, 'WRITE');
    const startedAt = Date.now();
    expect((await signIn()).status).toBe(503);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await expectRefusals();
    await expectSignedInToWork();
    await control.client('UNPAUSE');
    control.disconnect();
    await works();
  });

  it('that takes no writes is answered for by 503', async () => {
    const control = new Redis(world.redis.url);
    await control.config('SET', 'maxmemory', '1');
    await expectRefusals();
    await expectSignedInToWork();
    await control.config('SET', 'maxmemory', '0');
    control.disconnect();
    await works();
  });

  it('that goes away is answered for by 503 and nothing is tried; sign-out works, and all is well when it is back', async () => {
    const held = await world.app.get(AuthLimitsService).take('sign-in', { account: ann.email, address: '192.0.2.1' });
    const bo = await world.signUp();
    await world.redis.stop();
    world.clearCalls();

    await expectRefusals();
    expect(world.callsOf(mailRpc.send)).toHaveLength(0);
    await expectSignedInToWork();
    expect((await world.post('/auth/signout', {}, { authorization: `Bearer ${bo.token}` })).status).toBe(200);
    await world.app.get(AuthLimitsService).release(held, 'success');
    await expect(
      world.app.get(AuthLimitsService).attempt('reauthenticate', ann.id, () => Promise.reject(new Error('was tried'))),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    again = startProgram(testVariable('REDIS_SERVER'), [
      '--port',
      new URL(world.redis.url).port,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--aclfile',
      redisUsersFile(),
    ]);
    await works();
    const { status } = (await (
      await world.post('/auth/signup', signUpForm('new_person', 'new@example.com'))
    ).json()) as { status: string };
    expect(status).toBe('OK');
  });
});
