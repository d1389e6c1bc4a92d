import { connect } from 'node:net';
import { Registry } from 'prom-client';
import SuperTokens from 'supertokens-node/lib/build/supertokens.js';
import { AuthLimitsService } from '../../../src/auth/limits/auth-limits.service.js';
import { endpointOf } from '../../../src/auth/limits/endpoints.rules.js';
import {
  anEmail,
  type Answer,
  type LimitedWorld,
  openLimitedWorld,
  REFUSED,
  RIGHT,
  signInForm,
  times,
} from '../../support/limited-world.js';
import { anAddress, signUpForm } from '../../support/world.js';

describe('abuse limits', () => {
  let limited: LimitedWorld;

  beforeAll(async () => {
    limited = await openLimitedWorld();
  });
  afterAll(() => limited?.close());

  describe('on everything else', () => {
    it('trying one e-mail address after the other ends after thirty', async () => {
      const from = anAddress();
      const ask = async (path: string) =>
        (await fetch(`${limited.world.url}${path}?email=${anEmail()}`, { headers: { 'x-forwarded-for': from } }))
          .status;
      const answers = await times(34, (index) =>
        ask(['/auth/emailpassword/email/exists', '/auth/public/signup/email/exists'][index % 2]!),
      );
      expect(answers.filter((status) => status === 429)).toHaveLength(4);
    });

    it.each([
      ['/auth/signup', 'sign-up.address.attempts', 30, signUpForm('a', 'x@example.com')],
      [
        '/auth/user/password/reset',
        'reset.address.attempts',
        30,
        { token: 'x', formFields: [{ id: 'password', value: RIGHT }] },
      ],
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
    ])('are as their table says: %s, %s is %d', async (path, limit, points, body) => {
      const [free, full] = [anAddress(), anAddress()];
      await limited.used(limit, free, points - 1);
      await limited.used(limit, full, points);
      expect((await limited.send(path, body, free))[0]).not.toBe(429);
      expect(await limited.send(path, body, full)).toEqual(REFUSED);
    });

    it('are 100 addresses of a provider asked for by one address: /auth/authorisationurl, third-party-url.address.attempts', async () => {
      const [free, full] = [anAddress(), anAddress()];
      await limited.used('third-party-url.address.attempts', free, 99);
      await limited.used('third-party-url.address.attempts', full, 100);
      const statusOf = async (from: string) =>
        (
          await fetch(`${limited.world.url}/auth/authorisationurl?thirdPartyId=x`, {
            headers: { 'x-forwarded-for': from },
          })
        ).status;
      expect([await statusOf(free), await statusOf(full)]).toEqual([404, 429]);
    });

    it('a refresh token that is worth nothing counts, a good one does not', async () => {
      const ann = await limited.world.signUp();
      const from = anAddress();
      const refresh = (token: string) =>
        limited.send('/auth/session/refresh', {}, from, { authorization: `Bearer ${token}` });
      await refresh('worthless');
      expect((await refresh(ann.refreshToken))[0]).toBe(200);
      expect([
        await limited.redis.get(`limit:refresh.address.failures:${from}`),
        await limited.redis.get(`limit:refresh.address.attempts:${from}`),
      ]).toEqual(['1', '2']);
    });

    it('a credential that is asked for once more may be wrong ten times', async () => {
      const limits = limited.world.app.get(AuthLimitsService);
      const guess = (isRight: boolean) => limits.attempt('reauthenticate', 'some-user', () => Promise.resolve(isRight));
      for (let round = 0; round < 10; round++) expect([await guess(true), await guess(false)]).toEqual([true, false]);
      await expect(guess(true)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        details: { retryAfterSeconds: expect.any(Number) },
      });
    });

    it('what fails by our fault costs nobody a point', async () => {
      const limits = limited.world.app.get(AuthLimitsService);
      const fail = () => limits.attempt('reauthenticate', 'unlucky', () => Promise.reject(new Error('core away')));
      for (let round = 0; round < 11; round++) await expect(fail()).rejects.toThrow('core away');
    });

    it('what was refused is counted by limit', async () => {
      const from = anAddress();
      await limited.used('exists.address.attempts', from, 30);
      const refused = async () =>
        /auth_limited_total\{[^}]*limit="exists.address.attempts"[^}]*\} (\d+)/.exec(
          await limited.world.app.get(Registry).metrics(),
        )?.[1] ?? '0';
      const before = Number(await refused());
      await fetch(`${limited.world.url}/auth/emailpassword/email/exists?email=a@b.cd`, {
        headers: { 'x-forwarded-for': from },
      });
      expect(Number(await refused())).toBe(before + 1);
    });
  });

  describe('whatever the spelling of the endpoint', () => {
    /** A request line as it stands: fetch would put it in order. */
    const raw = (target: string, from: string, headers: string[] = []): Promise<string> =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(signInForm('raw@example.com', 'wrong'));
        const { hostname, port } = new URL(limited.world.url);
        const socket = connect(Number(port), hostname);
        let answer = '';
        socket.on('data', (data) => (answer += String(data)));
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
        socket.write(
          [
            `POST ${target} HTTP/1.1`,
            `host: ${hostname}`,
            'connection: close',
            'content-type: application/json',
            `content-length: ${body.length}`,
            `x-forwarded-for: ${from}`,
            ...headers,
            '',
            body,
          ].join('\r\n'),
        );
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
    ])('are met by POST %s, or there is none', async (target) => {
      const from = anAddress();
      await limited.used('sign-in.address.failures', from, 100);
      for (const headers of [[], ['rid: emailpassword'], ['rid: thirdpartyemailpassword'], ['rid: anti-csrf']]) {
        expect((await raw(target, from, headers)).split('\r\n')[0]).toMatch(/^HTTP\/1.1 (429|404|400) /);
      }
    });

    it('are met by every endpoint of the SDK, but for those where there is nothing to guess', () => {
      const apis = (SuperTokens.default ?? SuperTokens)
        .getInstanceOrThrowError()
        .recipeModules.flatMap((recipe) => recipe.getAPIsHandled());
      const open = apis
        .filter((api) => !api.disabled)
        .map((api) => `${api.method.toUpperCase()} ${api.pathWithoutApiBasePath.getAsStringDangerous()}`)
        .filter((api) => !endpointOf(api.split(' ')[0]!, `/auth${api.split(' ')[1]}`)?.action);
      const harmless = [
        'POST /signout',
        'GET /user/email/verify',
        'GET /jwt/jwks.json',
        'GET /.well-known/openid-configuration',
        'GET /loginmethods',
      ];
      expect(open.filter((api) => !harmless.includes(api) && !api.includes('/oauth/'))).toEqual([]);
    });
  });

  describe('and bad input', () => {
    const status = async (path: string, body: string, type = 'application/json') => {
      const response = await fetch(`${limited.world.url}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, 'x-forwarded-for': anAddress() },
      });
      return [response.status, ((await response.json().catch(() => ({}))) as Answer).code];
    };
    const email = (value: unknown) =>
      JSON.stringify({
        formFields: [
          { id: 'email', value },
          { id: 'password', value: 'x' },
        ],
      });

    it.each([
      '{',
      '',
      'null',
      '[]',
      '5',
      '"x"',
      'true',
      '{}',
      '{"formFields":null}',
      '{"formFields":{}}',
      '{"formFields":[5]}',
      '{"formFields":[{"id":5,"value":"x"}]}',
      '{"__proto__":{"a":1}}',
      email(5),
      email({}),
      email(['a@b.cd']),
      email(null),
      email('a\0@b.cd'),
    ])('answer 400 to a sign-in with %j', async (body) => {
      const [code] = await status('/auth/signin', body);
      expect([200, 400]).toContain(code);
      expect(await status('/auth/signin', body)).not.toEqual([200, 'OK']);
    });

    it.each([
      '/auth/signin',
      '/auth/signup',
      '/auth/user/password/reset/token',
      '/auth/user/password/reset',
      '/auth/user/email/verify',
      '/auth/signinup/code',
      '/auth/signinup/code/consume',
      '/auth/signinup/code/resend',
    ])(
      'answer %s without a body, with an empty one and with one of another kind without a fault of ours',
      async (path) => {
        expect(
          (await fetch(`${limited.world.url}${path}`, { method: 'POST', headers: { 'x-forwarded-for': anAddress() } }))
            .status,
        ).toBe(400);
        for (const body of ['{}', 'null', '[]']) expect((await status(path, body))[0]).toBe(400);
        expect((await status(path, 'a=b', 'text/plain'))[0]).toBe(400);
        expect((await status(path, '<a/>', 'application/xml'))[0]).toBe(415);
      },
    );

    it.each([
      ['/auth/signinup/code', { email: 5 }],
      ['/auth/signinup/code', { email: ['a@b.cd'] }],
      ['/auth/signinup/code/consume', { preAuthSessionId: {}, linkCode: 'x' }],
      ['/auth/signinup/code/consume', { preAuthSessionId: 'x', deviceId: 5, userInputCode: 6 }],
      ['/auth/signinup/code/resend', { preAuthSessionId: 'x', deviceId: ['x'] }],
      ['/auth/signinup', { thirdPartyId: 'google', redirectURIInfo: null }],
      ['/auth/signinup', { thirdPartyId: 'google', oAuthTokens: 'x' }],
      ['/auth/user/email/verify', { token: 5 }],
    ])('answer %s with %j by 400, and name the field', async (path, body) => {
      const response = await limited.world.post(path, body);
      expect([response.status, await response.json()]).toEqual([
        400,
        expect.objectContaining({ code: 'BAD_USER_INPUT', path: expect.any(Array) }),
      ]);
    });

    it('answer a body of more than a megabyte by 413', async () => {
      expect(
        await status('/auth/signin', JSON.stringify({ formFields: [{ id: 'email', value: 'x'.repeat(1_100_000) }] })),
      ).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });

    it('take no harm from thousands of form fields and a password of a megabyte', async () => {
      const fields = (count: number) =>
        JSON.stringify({
          formFields: Array.from({ length: count }, (_none, index) => ({ id: `f${index}`, value: 'x' })),
        });
      expect((await status('/auth/signin', fields(2_000)))[0]).toBe(400);
      expect((await status('/auth/signin', fields(10_000)))[0]).toBe(413);
      expect((await limited.send('/auth/signin', signInForm(anEmail(), 'x'.repeat(1_000_000))))[0]).toBe(413);
    });
  });
});
