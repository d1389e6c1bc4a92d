import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import SuperTokens from 'supertokens-node/lib/build/supertokens.js';
import { mailRpc } from '@fowergram/contracts-notification';
import { eventually } from '@fowergram/testing';
import { AuthLimits } from '../src/auth/limits/auth-limits.js';
import { endpointOf } from '../src/auth/limits/endpoints.rules.js';
import { accountKey } from '../src/auth/limits/keys.rules.js';
import { anAddress, openWorld, type Person, signUpForm, type World } from './world.js';

const RIGHT = 'correct-horse-1';
const aName = () => `q_${randomBytes(6).toString('hex')}`;
const anEmail = () => `${aName()}@example.com`;
const WRONG_CREDENTIALS = [200, 'WRONG_CREDENTIALS_ERROR'];
const REFUSED = [429, 'RATE_LIMITED'];
const OK = [200, 'OK'];

interface Answer {
  status?: string;
  code?: string;
  message?: string;
  retryAfterSeconds?: number;
  exists?: boolean;
}

describe('abuse limits', () => {
  let world: World;
  let redis: Redis;

  beforeAll(async () => {
    world = await openWorld();
    redis = new Redis(world.redis.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await world?.close();
  });

  const send = async (path: string, body: unknown, from = anAddress(), headers = {}): Promise<[number, string | undefined]> => {
    const response = await world.post(path, body, { 'x-forwarded-for': from, ...headers });
    const answer = (await response.json()) as Answer;
    return [response.status, answer.code ?? answer.status];
  };
  const signInForm = (email: string, password: string) => ({ formFields: signUpForm('', email, password).formFields.slice(0, 2) });
  const signIn = (email: string, password: string, from?: string) => send('/auth/signin', signInForm(email, password), from);
  const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_none, index) => work(index)));
  const count = (answers: unknown[], wanted: unknown[]) => answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(wanted)).length;
  /** As if this many points had been taken already. */
  const used = (limit: string, key: string, points: number, seconds = 600) => redis.set(`limit:${limit}:${key}`, points, 'EX', seconds);

  describe('on guessing a password', () => {
    let ann: Person;
    beforeEach(async () => {
      ann = await world.signUp();
    });

    it('ten wrong ones from one address are heard, then none, and the right one neither', async () => {
      const from = anAddress();
      for (let round = 0; round < 10; round++) expect(await signIn(ann.email, 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      const response = await world.post('/auth/signin', signInForm(ann.email, RIGHT), { 'x-forwarded-for': from });
      const body = (await response.json()) as Answer;
      expect([response.status, body]).toEqual([429, { code: 'RATE_LIMITED', message: expect.any(String), retryAfterSeconds: expect.any(Number) }]);
      expect(response.headers.get('retry-after')).toBe(String(body.retryAfterSeconds));
      expect(body.retryAfterSeconds).toBeGreaterThan(800);
      expect(body.retryAfterSeconds).toBeLessThanOrEqual(900);
      expect(await redis.get(`limit:sign-in.address.failures:${from}`)).toBe('10');
      expect(await signIn(ann.email, RIGHT)).toEqual(OK);
    });

    it('of forty at the same time no more are tried', async () => {
      const from = anAddress();
      const answers = await times(40, (index) => signIn(ann.email, `wrong-${index}`, from));
      expect([count(answers, WRONG_CREDENTIALS), count(answers, REFUSED)]).toEqual([10, 30]);
    });

    it('another spelling of the address is the same account', async () => {
      const from = anAddress();
      await used('sign-in.pair.failures', `${accountKey(ann.email)}:${from}`, 10);
      for (const spelling of [` ${ann.email.toUpperCase()} `, ann.email.replace('@', '+x@'), ann.email.replace('p', 'ｐ')]) expect(await signIn(spelling, RIGHT, from)).toEqual(REFUSED);
    });

    it('of fifty addresses ends for the account, but not on the phone that its owner uses', async () => {
      const phone = anAddress();
      expect(await signIn(ann.email, RIGHT, phone)).toEqual(OK);
      await used('sign-in.account.failures', accountKey(ann.email), 20);
      for (let batch = 0; batch < 3; batch++) expect(count(await times(10, () => signIn(ann.email, 'wrong')), WRONG_CREDENTIALS)).toBe(10);
      expect(await signIn(ann.email, 'wrong')).toEqual(REFUSED);
      expect(await signIn(ann.email, RIGHT)).toEqual(REFUSED);
      expect(await signIn(ann.email, RIGHT, phone)).toEqual(OK);
    });

    it('from an address is not spared for an account that is merely spelled alike', async () => {
      const from = anAddress();
      const twin = ann.email.replace('@', '+x@');
      expect(await send('/auth/signup', signUpForm(aName(), twin), from)).toEqual(OK);
      await used('sign-in.account.failures', accountKey(ann.email), 50);
      expect(await signIn(ann.email, RIGHT, from)).toEqual(REFUSED);
      expect(await signIn(twin, RIGHT, from)).toEqual(OK);
    });

    it('of fifty thousand accounts ends for the address, and one good account of their own does not help', async () => {
      const from = anAddress();
      await used('sign-in.address.failures', from, 98);
      expect(await signIn(anEmail(), 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      expect(await signIn(ann.email, RIGHT, from)).toEqual(OK);
      expect(await signIn(anEmail(), 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      expect(await signIn(anEmail(), 'wrong', from)).toEqual(REFUSED);
      expect(await signIn(ann.email, RIGHT, from)).toEqual(REFUSED);
    });

    it('an address that is over its limit uses up nothing of its victims', async () => {
      const from = anAddress();
      await used('sign-in.address.failures', from, 100);
      await times(60, () => signIn(ann.email, 'wrong', from));
      expect(Number(await redis.get(`limit:sign-in.account.failures:${accountKey(ann.email)}`))).toBe(0);
    });

    it('who knows the password may come as often as they like', async () => {
      const from = anAddress();
      for (let round = 0; round < 12; round++) expect(await signIn(ann.email, RIGHT, from)).toEqual(OK);
    });

    it('an unknown account is answered as a known one is, to the last word', async () => {
      const seen = await Promise.all(
        [ann.email, anEmail()].map(async (email) => {
          const from = anAddress();
          await used('sign-in.pair.failures', `${accountKey(email)}:${from}`, 9, 777);
          const answers = [];
          for (let round = 0; round < 2; round++) {
            const response = await world.post('/auth/signin', signInForm(email, 'wrong'), { 'x-forwarded-for': from });
            answers.push([response.status, [...response.headers.keys()].sort(), { ...((await response.json()) as Answer), retryAfterSeconds: undefined }]);
          }
          return answers;
        }),
      );
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]!.map(([status]) => status)).toEqual([200, 429]);
    });

    it('refused attempts prolong nothing, and after the window the right password works', async () => {
      const from = anAddress();
      const key = `${accountKey(ann.email)}:${from}`;
      await used('sign-in.pair.failures', key, 10, 100);
      await times(5, () => signIn(ann.email, 'wrong', from));
      expect(await redis.ttl(`limit:sign-in.pair.failures:${key}`)).toBeLessThanOrEqual(100);
      expect(Number(await redis.get(`limit:sign-in.pair.failures:${key}`))).toBe(10);
      await redis.pexpire(`limit:sign-in.pair.failures:${key}`, 1);
      await eventually(async () => (await redis.exists(`limit:sign-in.pair.failures:${key}`)) === 0);
      expect(await signIn(ann.email, RIGHT, from)).toEqual(OK);
    });

    it('a point that comes back after the window makes no credit', async () => {
      const limits = world.app.get(AuthLimits);
      const held = await limits.take('sign-in', { account: ann.email, address: '192.0.2.77' });
      const names = held.map(({ limit, key }) => `limit:${limit.name}:${key}`);
      await redis.del(names);
      await limits.settle(held, 'success');
      expect(await redis.exists(names)).toBe(0);
    });
  });

  it('Redis holds no address of anybody, and forgets everything in time', async () => {
    const ann = await world.signUp();
    await signIn(ann.email, 'wrong');
    await send('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: ann.email }] });
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) {
      expect(`${key} ${await redis.get(key)}`).not.toMatch(/example|p_[0-9a-f]{12}/);
      expect(await redis.ttl(key)).toBeGreaterThan(0);
    }
  });

  describe('on mails', () => {
    const askForReset = (email: string, from?: string) => send('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] }, from);
    const askForCode = (email: string, from?: string) => send('/auth/signinup/code', { email }, from);

    it('nobody gets more than five links an hour, however many addresses ask; the owner at home still does', async () => {
      const home = anAddress();
      const ann = await world.signUp();
      expect(await signIn(ann.email, RIGHT, home)).toEqual(OK);
      world.forget();
      const answers = await times(8, () => askForReset(ann.email));
      expect([count(answers, OK), count(answers, REFUSED)]).toEqual([5, 3]);
      expect(world.callsOf(mailRpc.send)).toHaveLength(5);
      expect(count(await times(8, () => askForReset(ann.email, home)), OK)).toBe(5);
    });

    it('one address asks for twenty people at most', async () => {
      const from = anAddress();
      await used('reset-request.address.attempts', from, 19);
      expect(await askForReset(anEmail(), from)).toEqual(OK);
      expect(await askForReset(anEmail(), from)).toEqual(REFUSED);
    });

    it('one address asks for five codes for one person at most', async () => {
      const [email, from] = [anEmail(), anAddress()];
      await used('code-request.pair.attempts', `${accountKey(email)}:${from}`, 4);
      expect([await askForCode(email, from), await askForCode(email, from), await askForCode(email)]).toEqual([OK, REFUSED, OK]);
    });

    it('codes are limited as links are, and each of them can be sent again three times', async () => {
      const email = anEmail();
      const response = await world.post('/auth/signinup/code', { email });
      const { deviceId, preAuthSessionId } = (await response.json()) as Record<string, string>;
      expect(count(await times(6, () => askForCode(email)), OK)).toBe(4);
      expect(count(await times(5, () => send('/auth/signinup/code/resend', { deviceId, preAuthSessionId })), REFUSED)).toBe(2);
      expect(await send('/auth/signinup/code/resend', { deviceId, preAuthSessionId: 'another' })).toEqual(REFUSED);
    });

    it('one mailbox gets ten verification mails an hour, however many accounts are opened for it; the accounts are made', async () => {
      const email = anEmail();
      await used('mail-to-stranger.account.attempts', accountKey(email), 9);
      world.forget();
      for (const spelling of ['+a@', '+b@', '+c@']) expect(await send('/auth/signup', signUpForm(aName(), email.replace('@', spelling)))).toEqual(OK);
      expect(world.callsOf(mailRpc.send).map(({ input }) => input.to)).toEqual([email.replace('@', '+a@')]);
    });

    it('one person asks ten addresses an hour to become theirs', async () => {
      const ann = await world.signUp();
      await used('email-change.account.attempts', accountKey(ann.id), 9);
      world.forget();
      const change = async (newEmail: string) => {
        const { data, errors } = await world.gql('mutation ($newEmail: String!) { changeEmail(input: { newEmail: $newEmail, password: "correct-horse-1" }) }', { newEmail }, { as: ann });
        return errors?.[0]?.extensions.code ?? data.changeEmail;
      };
      const [tenth, more] = [anEmail(), anEmail()];
      expect([await change(tenth), await change(more)]).toEqual(['VERIFICATION_SENT', 'RATE_LIMITED']);
      expect(world.callsOf(mailRpc.send).map(({ input }) => input.to)).toEqual([tenth]);
    });

    it('one account gets five verification mails an hour, and a token that is not its own takes none from it', async () => {
      const ann = await world.signUp();
      const forged = ann.token.replace(/\.[^.]+$/, `.${'A'.repeat(342)}`);
      const ask = (token: string) => send('/auth/user/email/verify/token', {}, anAddress(), { authorization: `Bearer ${token}` });
      expect((await times(8, () => ask(forged))).map(([status]) => status)).toEqual(Array(8).fill(401));
      const answers = await times(7, () => ask(ann.token));
      expect([count(answers, OK), count(answers, REFUSED)]).toEqual([5, 2]);
    });
  });

  describe('on everything else', () => {
    it('a walk over e-mail addresses ends after thirty', async () => {
      const from = anAddress();
      const ask = async (path: string) => (await fetch(`${world.url}${path}?email=${anEmail()}`, { headers: { 'x-forwarded-for': from } })).status;
      const answers = await times(34, (index) => ask(['/auth/emailpassword/email/exists', '/auth/public/signup/email/exists'][index % 2]!));
      expect(answers.filter((status) => status === 429)).toHaveLength(4);
    });

    it.each([
      ['/auth/signup', 'sign-up.address.attempts', 30, signUpForm('a', 'x@example.com')],
      ['/auth/user/password/reset', 'reset.address.attempts', 30, { token: 'x', formFields: [{ id: 'password', value: RIGHT }] }],
      ['/auth/user/email/verify', 'verification.address.attempts', 60, { method: 'token', token: 'x' }],
      ['/auth/user/email/verify/token', 'verification-mail.address.attempts', 60, {}],
      ['/auth/signinup/code/consume', 'code.address.failures', 30, { preAuthSessionId: 'x', linkCode: 'x' }],
      ['/auth/session/refresh', 'refresh.address.failures', 60, {}],
      ['/auth/session/refresh', 'refresh.address.attempts', 3_000, {}],
      ['/auth/second-factor/verify', 'second-factor.address.failures', 30, { code: '000000' }],
      ['/auth/signinup', 'third-party.address.attempts', 100, { thirdPartyId: 'x' }],
      ['/auth/callback/apple', 'third-party.address.attempts', 100, {}],
      ['/auth/signinup/code', 'code-request.address.attempts', 20, { email: 'x@example.com' }],
      ['/auth/signinup/code/resend', 'code-again.address.attempts', 20, { preAuthSessionId: 'x', deviceId: 'x' }],
    ])('%s: %s is %d', async (path, limit, points, body) => {
      const [free, full] = [anAddress(), anAddress()];
      await used(limit, free, points - 1);
      await used(limit, full, points);
      expect((await send(path, body, free))[0]).not.toBe(429);
      expect(await send(path, body, full)).toEqual(REFUSED);
    });

    it('/auth/authorisationurl: third-party-url.address.attempts is 100', async () => {
      const [free, full] = [anAddress(), anAddress()];
      await used('third-party-url.address.attempts', free, 99);
      await used('third-party-url.address.attempts', full, 100);
      const statusOf = async (from: string) => (await fetch(`${world.url}/auth/authorisationurl?thirdPartyId=x`, { headers: { 'x-forwarded-for': from } })).status;
      expect([await statusOf(free), await statusOf(full)]).toEqual([404, 429]);
    });

    it('a refresh token that is worth nothing counts, a good one does not', async () => {
      const ann = await world.signUp();
      const from = anAddress();
      const refresh = (token: string) => send('/auth/session/refresh', {}, from, { authorization: `Bearer ${token}` });
      await refresh('worthless');
      expect((await refresh(ann.refreshToken))[0]).toBe(200);
      expect([await redis.get(`limit:refresh.address.failures:${from}`), await redis.get(`limit:refresh.address.attempts:${from}`)]).toEqual(['1', '2']);
    });

    it('a credential that is asked for once more may be wrong ten times', async () => {
      const limits = world.app.get(AuthLimits);
      const guess = (isRight: boolean) => limits.attempt('reauthenticate', 'some-user', () => Promise.resolve(isRight));
      for (let round = 0; round < 10; round++) expect([await guess(true), await guess(false)]).toEqual([true, false]);
      await expect(guess(true)).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: expect.any(Number) } });
    });

    it('what fails by our fault costs nobody a point', async () => {
      const limits = world.app.get(AuthLimits);
      const fail = () => limits.attempt('reauthenticate', 'unlucky', () => Promise.reject(new Error('core away')));
      for (let round = 0; round < 11; round++) await expect(fail()).rejects.toThrow('core away');
    });

    it('what was refused is counted by limit', async () => {
      const from = anAddress();
      await used('exists.address.attempts', from, 30);
      const refused = async () => /auth_limited_total\{[^}]*limit="exists.address.attempts"[^}]*\} (\d+)/.exec(await world.app.get(Registry).metrics())?.[1] ?? '0';
      const before = Number(await refused());
      await fetch(`${world.url}/auth/emailpassword/email/exists?email=a@b.cd`, { headers: { 'x-forwarded-for': from } });
      expect(Number(await refused())).toBe(before + 1);
    });
  });

  describe('of an endpoint are met', () => {
    /** A request line as it stands: fetch would put it in order. */
    const raw = (target: string, from: string, headers: string[] = []): Promise<string> =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(signInForm('raw@example.com', 'wrong'));
        const { hostname, port } = new URL(world.url);
        const socket = connect(Number(port), hostname);
        let answer = '';
        socket.on('data', (data) => (answer += String(data)));
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
        socket.write([`POST ${target} HTTP/1.1`, `host: ${hostname}`, 'connection: close', 'content-type: application/json', `content-length: ${body.length}`, `x-forwarded-for: ${from}`, ...headers, '', body].join('\r\n'));
      });

    it.each([
      '/auth/signin',
      '/auth/signin/',
      '/auth/signin?a=/auth/signout',
      '/auth/public/signin',
      '/auth/public/signin/',
      '//auth/signin',
      '/auth//signin',
      '/auth/signin//',
      '/auth/./signin',
      '/auth/x/../signin',
      '/auth/public/../public/signin',
      '/auth/%73ignin',
      '/%61uth/signin',
      '/auth%2fsignin',
      '/auth/signin%2f',
      '/auth/signin%3f',
      '/auth/signin%20',
      '/auth\\signin',
      '/auth/\\signin',
      '/auth/signin#x',
      '/auth/signin;x',
      '/auth/public;x/signin',
      '/AUTH/signin',
      '/auth/SignIn',
      '/auth/Public/signin',
      '/auth/other/signin',
      '/auth/signin/../signin',
      'http://127.0.0.1/auth/signin',
      'HTTP://x/auth/signin',
      'x/auth/signin',
    ])('by POST %s, or there is none', async (target) => {
      const from = anAddress();
      await used('sign-in.address.failures', from, 100);
      for (const headers of [[], ['rid: emailpassword'], ['rid: thirdpartyemailpassword'], ['rid: anti-csrf']]) {
        expect((await raw(target, from, headers)).split('\r\n')[0]).toMatch(/^HTTP\/1.1 (429|404|400) /);
      }
    });

    it('of every endpoint of the SDK, but for those where there is nothing to guess', () => {
      const apis = (SuperTokens.default ?? SuperTokens).getInstanceOrThrowError().recipeModules.flatMap((recipe) => recipe.getAPIsHandled());
      const open = apis
        .filter((api) => !api.disabled)
        .map((api) => `${api.method.toUpperCase()} ${api.pathWithoutApiBasePath.getAsStringDangerous()}`)
        .filter((api) => !endpointOf(api.split(' ')[0]!, `/auth${api.split(' ')[1]}`)?.action);
      const harmless = ['POST /signout', 'GET /user/email/verify', 'GET /jwt/jwks.json', 'GET /.well-known/openid-configuration', 'GET /loginmethods'];
      expect(open.filter((api) => !harmless.includes(api) && !api.includes('/oauth/'))).toEqual([]);
    });
  });

  describe('bad input is the sender\'s fault', () => {
    const status = async (path: string, body: string, type = 'application/json') => {
      const response = await fetch(`${world.url}${path}`, { method: 'POST', body, headers: { 'content-type': type, 'x-forwarded-for': anAddress() } });
      return [response.status, ((await response.json().catch(() => ({}))) as Answer).code];
    };
    const email = (value: unknown) => JSON.stringify({ formFields: [{ id: 'email', value }, { id: 'password', value: 'x' }] });

    it.each(['{', '', 'null', '[]', '5', '"x"', 'true', '{}', '{"formFields":null}', '{"formFields":{}}', '{"formFields":[5]}', '{"formFields":[{"id":5,"value":"x"}]}', '{"__proto__":{"a":1}}', email(5), email({}), email(['a@b.cd']), email(null), email('a\0@b.cd')])('sign-in with %j', async (body) => {
      const [code] = await status('/auth/signin', body);
      expect([200, 400]).toContain(code);
      expect(await status('/auth/signin', body)).not.toEqual([200, 'OK']);
    });

    it.each(['/auth/signin', '/auth/signup', '/auth/user/password/reset/token', '/auth/user/password/reset', '/auth/user/email/verify', '/auth/signinup/code', '/auth/signinup/code/consume', '/auth/signinup/code/resend'])('%s without a body, with an empty one and with one of another kind', async (path) => {
      expect((await fetch(`${world.url}${path}`, { method: 'POST', headers: { 'x-forwarded-for': anAddress() } })).status).toBe(400);
      for (const body of ['{}', 'null', '[]']) expect((await status(path, body))[0]).toBe(400);
      expect((await status(path, 'a=b', 'text/plain'))[0]).toBe(400);
      expect((await status(path, '<a/>', 'application/xml'))[0]).toBe(415);
    });

    it.each([
      ['/auth/signinup/code', { email: 5 }],
      ['/auth/signinup/code', { email: ['a@b.cd'] }],
      ['/auth/signinup/code/consume', { preAuthSessionId: {}, linkCode: 'x' }],
      ['/auth/signinup/code/consume', { preAuthSessionId: 'x', deviceId: 5, userInputCode: 6 }],
      ['/auth/signinup/code/resend', { preAuthSessionId: 'x', deviceId: ['x'] }],
      ['/auth/signinup', { thirdPartyId: 'google', redirectURIInfo: null }],
      ['/auth/signinup', { thirdPartyId: 'google', oAuthTokens: 'x' }],
      ['/auth/user/email/verify', { token: 5 }],
    ])('%s with %j: 400, and the field is named', async (path, body) => {
      const response = await world.post(path, body);
      expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'BAD_USER_INPUT', path: expect.any(Array) })]);
    });

    it('a body of more than a megabyte is 413', async () => {
      expect(await status('/auth/signin', JSON.stringify({ formFields: [{ id: 'email', value: 'x'.repeat(1_100_000) }] }))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });

    it('ten thousand form fields and a password of a megabyte do no harm', async () => {
      expect((await status('/auth/signin', JSON.stringify({ formFields: Array.from({ length: 10_000 }, (_none, index) => ({ id: `f${index}`, value: 'x' })) })))[0]).toBe(400);
      expect((await send('/auth/signin', signInForm(anEmail(), 'x'.repeat(1_000_000))))[0]).toBeLessThan(500);
    });
  });
});
