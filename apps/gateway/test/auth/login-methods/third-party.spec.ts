import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type CryptoKey, decodeJwt, exportSPKI, generateKeyPair, importJWK, type JWK, UnsecuredJWT } from 'jose';
import { listUsersByAccountInfo, type User } from 'supertokens-node';
import { mailRpc } from '@fowergram/contracts-notification';
import { signInRpc } from '@fowergram/contracts-user';
import { EmailUniquenessService } from '../../../src/auth/login-methods/email-uniqueness.service.js';
import { freePort } from '@fowergram/testing';
import { type IssuerAccount, type OidcIssuer, startIssuer } from '../../support/oidc-issuer.js';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const WEBSITE = 'http://127.0.0.1:3000';
const REDIRECT = `${WEBSITE}/auth/callback/club`;
const ME = '{ me { id username } }';
const REFUSED = [400, failureBody({ code: 'BAD_USER_INPUT', reason: 'PROVIDER_REFUSED', message: expect.any(String) })];
const AWAY = [
  503,
  failureBody({
    code: 'UNAVAILABLE',
    reason: 'PROVIDER_UNAVAILABLE',
    message: expect.any(String),
    retryAfterSeconds: 5,
  }),
];

const aName = () => `p_${randomBytes(6).toString('hex')}`;
const anEmail = () => `${aName()}@example.com`;

interface Start {
  urlWithQueryParams: string;
  pkceCodeVerifier: string;
}
// What the SDK answers differs from case to case: tests read into it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

describe('signing in with a provider of OpenID Connect', () => {
  let world: World;
  let issuer: OidcIssuer;

  beforeAll(async () => {
    issuer = await startIssuer(REDIRECT);
    const client = { clientId: issuer.client.client_id, clientSecret: issuer.client.client_secret };
    const providers = [
      { id: 'club', name: 'The Club', issuer: `${issuer.url}/`, ...client },
      { id: 'gone', name: 'Gone', issuer: `http://127.0.0.1:${await freePort()}`, ...client },
      { id: 'okta-of-ours', name: 'Two clients', issuer: issuer.url, ...client, clientType: 'web' },
      { id: 'okta-of-ours', name: 'Two clients', issuer: issuer.url, clientId: 'an-app', clientType: 'ios' },
      { id: 'github', clientId: 'hub', clientSecret: 'hub-secret' },
      { id: 'apple', clientId: 'com.example.app', keyId: 'key', teamId: 'team', privateKey: 'none' },
    ];
    world = await openWorld({ SIGN_IN_PROVIDERS: JSON.stringify(providers) });
  });
  afterAll(async () => {
    await world?.close();
    await issuer?.stop();
  });
  beforeEach(() => {
    world.clearCalls();
    issuer.mode = 'works';
    issuer.emailIn = 'userinfo';
    issuer.falseUserInfo = undefined;
  });

  const read = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body,
  });
  const authorisationUrl = async (query: Record<string, string>) =>
    read(
      await fetch(
        `${world.url}/auth/authorisationurl?${new URLSearchParams({ thirdPartyId: 'club', redirectURIOnProviderDashboard: REDIRECT, ...query })}`,
      ),
    );
  const begin = async (): Promise<Start> => (await authorisationUrl({})).body as Start;
  const signInUp = async (body: object) => read(await world.post('/auth/signinup', { thirdPartyId: 'club', ...body }));
  const finish = (
    redirectURIQueryParams: Record<string, string>,
    pkceCodeVerifier?: string,
    redirectURIOnProviderDashboard = REDIRECT,
  ) => signInUp({ redirectURIInfo: { redirectURIOnProviderDashboard, redirectURIQueryParams, pkceCodeVerifier } });
  const come = async (accountId: string) => {
    const start = await begin();
    return finish(await issuer.browse(start.urlWithQueryParams, accountId), start.pkceCodeVerifier);
  };
  const aMember = (given: IssuerAccount = {}) => issuer.add({ email: anEmail(), email_verified: true, ...given });
  const emailAt = (id: string) => issuer.accounts.get(id)!.email!;
  const usersWith = (email: string): Promise<User[]> => listUsersByAccountInfo('public', { email });
  const signUp = async (email: string) => read(await world.post('/auth/signup', signUpForm(aName(), email)));
  const statusAndBody = ({ status, body }: { status: number; body: Body }) => [status, body];

  it('makes an account with a username at the first time, and finds it again at the second', async () => {
    const member = aMember();
    const first = await come(member);
    expect(first.body).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: true,
      user: { emails: [emailAt(member)], loginMethods: [{ recipeId: 'thirdparty', verified: true }] },
    });
    const { data } = await world.gql(
      ME,
      {},
      { headers: { authorization: `Bearer ${first.headers.get('st-access-token')!}` } },
    );
    expect(data.me).toEqual({ id: `user_${first.body.user.id}`, username: expect.stringMatching(/^user_\d{8}$/) });
    expect((await come(member)).body).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: false,
      user: { id: first.body.user.id },
    });
    expect(world.callsOf(signInRpc.record).map(({ input }) => [input.method, input.outcome])).toEqual([
      ['THIRD_PARTY', 'SIGNED_UP'],
      ['THIRD_PARTY', 'SIGNED_IN'],
    ]);
  });

  it('makes one account when the same user comes twice at once', async () => {
    const member = aMember();
    const both = await Promise.all([come(member), come(member)]);
    expect(both.map(({ body }) => body.status)).toEqual(['OK', 'OK']);
    expect(await usersWith(emailAt(member))).toHaveLength(1);
  });

  it('finds the account of a user who has come meanwhile', async () => {
    const member = aMember();
    const emails = world.app.get(EmailUniquenessService, { strict: false });
    const look = emails.loginMethodsOf.bind(emails);
    const spy = jest.spyOn(emails, 'loginMethodsOf').mockImplementationOnce(async (...asked) => {
      await come(member);
      return look(...asked);
    });
    const late = await come(member);
    spy.mockRestore();
    expect(late.body.status).toBe('OK');
    expect(await usersWith(emailAt(member))).toHaveLength(1);
  });

  it('takes the address from the ID token as well', async () => {
    issuer.emailIn = 'id_token';
    const member = aMember();
    expect((await come(member)).body).toMatchObject({ status: 'OK', user: { emails: [emailAt(member)] } });
  });

  describe('that does not hold', () => {
    it('is refused with a code that was used before, and makes nothing', async () => {
      const member = aMember();
      const start = await begin();
      const parameters = await issuer.browse(start.urlWithQueryParams, member);
      expect((await finish(parameters, start.pkceCodeVerifier)).body.status).toBe('OK');
      expect(statusAndBody(await finish(parameters, start.pkceCodeVerifier))).toEqual(REFUSED);
    });

    it('is refused with the verifier of another browser, and without one', async () => {
      const member = aMember();
      for (const verifier of [(await begin()).pkceCodeVerifier, undefined]) {
        const start = await begin();
        expect(statusAndBody(await finish(await issuer.browse(start.urlWithQueryParams, member), verifier))).toEqual(
          REFUSED,
        );
      }
      expect(await usersWith(emailAt(member))).toEqual([]);
    });

    it('is refused with a code for which nobody was asked for a proof', async () => {
      const member = aMember();
      const url = new URL((await begin()).urlWithQueryParams);
      for (const name of ['code_challenge', 'code_challenge_method', 'nonce']) url.searchParams.delete(name);
      expect(statusAndBody(await finish(await issuer.browse(url.href, member)))).toEqual(REFUSED);
      expect(await usersWith(emailAt(member))).toEqual([]);
    });

    it('is refused when the user info speaks of somebody else than the token', async () => {
      const [member, victim] = [aMember(), aMember()];
      issuer.falseUserInfo = { sub: victim, ...issuer.accounts.get(victim) };
      expect(statusAndBody(await come(member))).toEqual(REFUSED);
      expect(await usersWith(emailAt(victim))).toEqual([]);
    });

    it('is refused with a token that was made for another nonce', async () => {
      const member = aMember();
      const start = await begin();
      const url = new URL(start.urlWithQueryParams);
      expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
      url.searchParams.set('nonce', 'a-nonce-of-mine');
      expect(statusAndBody(await finish(await issuer.browse(url.href, member), start.pkceCodeVerifier))).toEqual(
        REFUSED,
      );
      expect(await usersWith(emailAt(member))).toEqual([]);
    });

    it('is refused with a code that was made for another page of ours, with none, and with an error instead of one', async () => {
      const member = aMember();
      const start = await begin();
      expect(
        statusAndBody(
          await finish(
            await issuer.browse(start.urlWithQueryParams, member),
            start.pkceCodeVerifier,
            `${WEBSITE}/other`,
          ),
        ),
      ).toEqual(REFUSED);
      expect(statusAndBody(await finish({}, start.pkceCodeVerifier))).toEqual(REFUSED);
      expect(statusAndBody(await finish({ error: 'access_denied' }, start.pkceCodeVerifier))).toEqual(REFUSED);
      expect(await usersWith(emailAt(member))).toEqual([]);
    });

    it('is refused with an address that is not verified there', async () => {
      for (const email_verified of [false, undefined]) {
        const member = aMember({ email_verified: email_verified as boolean });
        expect((await come(member)).body).toEqual({
          status: 'SIGN_IN_UP_NOT_ALLOWED',
          reason: expect.stringContaining('not verified'),
        });
        expect(await usersWith(emailAt(member))).toEqual([]);
      }
    });

    it('is refused without an address', async () => {
      expect((await come(issuer.add({}))).body).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
    });

    it('is refused within seconds while the provider fails, and while it does not answer', async () => {
      const member = aMember();
      for (const mode of ['fails', 'stalls'] as const) {
        issuer.mode = 'works';
        const start = await begin();
        const parameters = await issuer.browse(start.urlWithQueryParams, member);
        issuer.mode = mode;
        const startedAt = Date.now();
        expect(statusAndBody(await finish(parameters, start.pkceCodeVerifier))).toEqual(AWAY);
        expect(Date.now() - startedAt).toBeLessThan(8_000);
      }
      expect(statusAndBody(await authorisationUrl({ thirdPartyId: 'gone' }))).toEqual(AWAY);
      expect(await usersWith(emailAt(member))).toEqual([]);
    });
  });

  describe('and the pages that get its codes', () => {
    it.each([
      'https://evil.example/auth/callback/club',
      `${WEBSITE}.evil.example/`,
      `${WEBSITE}@evil.example/`,
      'http://127.0.0.1:30001/',
      'https://127.0.0.1:3000/',
      `${WEBSITE}\\@evil.example`,
      '//127.0.0.1:3000/',
      ' ',
      'javascript:alert(1)',
      'com.example.app://callback',
    ])('sends no code to %j', async (address) => {
      const no = [
        400,
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          reason: 'REDIRECT_NOT_ALLOWED',
          path: expect.arrayContaining(['redirectURIOnProviderDashboard']),
        }),
      ];
      expect(statusAndBody(await authorisationUrl({ redirectURIOnProviderDashboard: address }))).toEqual(no);
      expect(statusAndBody(await finish({ code: 'c' }, 'v', address))).toEqual(no);
    });

    it('sends codes to the pages of the web app and of the API', async () => {
      for (const address of [WEBSITE, REDIRECT, `${world.url}/auth/callback/club`]) {
        const { body } = await authorisationUrl({ redirectURIOnProviderDashboard: address });
        expect(new URL(body.urlWithQueryParams).searchParams.get('redirect_uri')).toBe(address);
      }
    });
  });

  describe('by a token that an app has from its system', () => {
    const bring = (id_token: unknown, more: object = {}) => signInUp({ oAuthTokens: { id_token, ...more } });
    const claims = () => ({ sub: randomBytes(8).toString('hex'), email: anEmail(), email_verified: true });

    it('works when the provider has signed it for us', async () => {
      const given = claims();
      expect((await bring(await issuer.idToken(given))).body).toMatchObject({
        status: 'OK',
        user: { emails: [given.email], thirdParty: [{ id: 'club', userId: given.sub }] },
      });
    });

    it('is refused when the token is for another app, from another issuer, over, too early, of another key, or signed by nobody', async () => {
      const given = claims();
      const now = Math.floor(Date.now() / 1_000);
      const { privateKey } = await generateKeyPair('RS256');
      const [published] = ((await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: JWK[] }).keys;
      const publicKey = new TextEncoder().encode(await exportSPKI((await importJWK(published!, 'RS256')) as CryptoKey));
      const good = await issuer.idToken(given);
      const bad = {
        audience: await issuer.idToken({ ...given, aud: 'another-app' }),
        issuer: await issuer.idToken({ ...given, iss: 'https://evil.example' }),
        over: await issuer.idToken({ ...given, exp: now - 10 }),
        early: await issuer.idToken({ ...given, nbf: now + 600 }),
        key: await issuer.idToken(given, privateKey),
        none: new UnsecuredJWT({ ...decodeJwt(good) }).encode(),
        symmetric: await issuer.idToken(given, publicKey, 'HS256'),
        changed: good.replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify({ ...decodeJwt(good), sub: 'me' })).toString('base64url')}.`,
        ),
        nonsense: 'abc',
      };
      for (const [name, token] of Object.entries(bad))
        expect({ name, answer: statusAndBody(await bring(token)) }).toEqual({ name, answer: REFUSED });
      expect(await usersWith(given.email)).toEqual([]);
      expect((await bring(good)).body.status).toBe('OK');
    });

    it("goes by nobody else's access token, neither alone nor beside an ID token", async () => {
      const victim = aMember();
      const start = await begin();
      const { code } = await issuer.browse(start.urlWithQueryParams, victim);
      const form = {
        grant_type: 'authorization_code',
        code: code!,
        redirect_uri: REDIRECT,
        code_verifier: start.pkceCodeVerifier,
        ...issuer.client,
      };
      const { access_token } = (await (
        await fetch(`${issuer.url}/token`, { method: 'POST', body: new URLSearchParams(form) })
      ).json()) as { access_token: string };
      expect((await fetch(`${issuer.url}/me`, { headers: { authorization: `Bearer ${access_token}` } })).status).toBe(
        200,
      );
      expect(statusAndBody(await signInUp({ oAuthTokens: { access_token } }))).toEqual([
        400,
        expect.objectContaining({ path: ['oAuthTokens', 'id_token'] }),
      ]);
      const attacker = await issuer.idToken({ sub: 'attacker' });
      expect((await bring(attacker, { access_token })).body).toEqual({ status: 'NO_EMAIL_GIVEN_BY_PROVIDER' });
      expect(await usersWith(emailAt(victim))).toEqual([]);
    });

    it('is refused where the provider signs none', async () => {
      expect(
        statusAndBody(await signInUp({ thirdPartyId: 'github', oAuthTokens: { access_token: 'x', id_token: 'y' } })),
      ).toEqual([400, expect.objectContaining({ path: ['oAuthTokens', 'id_token'] })]);
    });
  });

  describe('by configuration', () => {
    it('knows no other provider and no other client', async () => {
      expect(statusAndBody(await authorisationUrl({ thirdPartyId: 'google' }))).toEqual([
        400,
        expect.objectContaining({ path: ['thirdPartyId'] }),
      ]);
      expect(statusAndBody(await authorisationUrl({ clientType: 'ios' }))).toEqual([
        400,
        expect.objectContaining({ path: ['clientType'] }),
      ]);
      expect(statusAndBody(await authorisationUrl({ thirdPartyId: 'okta-of-ours' }))).toEqual([
        400,
        expect.objectContaining({ path: ['clientType'] }),
      ]);
    });

    it('has a client for each kind of app', async () => {
      for (const [clientType, clientId] of [
        ['web', issuer.client.client_id],
        ['ios', 'an-app'],
      ] as const) {
        const { body } = await authorisationUrl({ thirdPartyId: 'okta-of-ours', clientType });
        expect(Object.fromEntries(new URL(body.urlWithQueryParams).searchParams)).toMatchObject({
          client_id: clientId,
          code_challenge_method: 'S256',
          scope: 'openid email',
          response_type: 'code',
        });
      }
    });

    it('sends users to GitHub', async () => {
      const { body } = await authorisationUrl({ thirdPartyId: 'github' });
      expect(body.urlWithQueryParams).toMatch(/^https:\/\/github\.com\/login\/oauth\/authorize\?client_id=hub&/);
    });
  });

  describe('with Apple, whose answer comes as a form', () => {
    const callback = (
      frontendRedirectURI: unknown,
      state = Buffer.from(JSON.stringify({ frontendRedirectURI })).toString('base64'),
    ) =>
      fetch(`${world.url}/auth/callback/apple`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ state, code: 'a-code' }),
      });

    it('sends it on to the web app as a redirect', async () => {
      const response = await callback(`${WEBSITE}/auth/callback/apple`);
      expect(response.status).toBe(303);
      const target = new URL(response.headers.get('location')!);
      expect([target.origin + target.pathname, target.searchParams.get('code')]).toEqual([
        `${WEBSITE}/auth/callback/apple`,
        'a-code',
      ]);
    });

    it('reads no other form', async () => {
      const response = await fetch(`${world.url}/auth/signinup/code`, {
        method: 'POST',
        body: new URLSearchParams({ email: anEmail() }),
      });
      expect([response.status, world.callsOf(mailRpc.send)]).toEqual([415, []]);
    });

    it('sends it to nobody else', async () => {
      for (const response of [
        await callback('https://evil.example/'),
        await callback(undefined),
        await callback('', 'no-json'),
      ]) {
        expect([response.status, response.headers.get('location'), await response.json()]).toEqual([
          400,
          null,
          expect.objectContaining({ reason: 'REDIRECT_NOT_ALLOWED', path: ['state'] }),
        ]);
      }
    });
  });

  describe('with an address that has an account', () => {
    it('is refused, and says which way to take', async () => {
      const ann = await world.signUp();
      const member = aMember({ email: ann.email.toUpperCase() });
      expect((await come(member)).body).toEqual({
        status: 'SIGN_IN_UP_NOT_ALLOWED',
        reason: expect.stringContaining('e-mail and password'),
      });
      expect((await usersWith(ann.email)).map(({ id }) => id)).toEqual([ann.id]);
    });

    it('that belongs to the same user is fine; a password for that address is refused', async () => {
      const member = aMember();
      const { body } = await come(member);
      const rejection = await signUp(` ${emailAt(member).toUpperCase()}`);
      expect(rejection.body).toEqual({
        status: 'FIELD_ERROR',
        formFields: [{ id: 'email', error: expect.stringContaining('The Club') }],
      });
      expect((await usersWith(emailAt(member))).map(({ id }) => id)).toEqual([body.user.id]);
    });

    it('gets a mail with the right way instead of a code or a new password, and the answer tells nothing', async () => {
      const member = aMember();
      await come(member);
      const email = emailAt(member);
      const code = await read(await world.post('/auth/signinup/code', { email }));
      expect(code.body).toEqual({
        status: 'OK',
        deviceId: expect.any(String),
        preAuthSessionId: expect.any(String),
        flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK',
      });
      expect(
        (
          await read(
            await world.post('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] }),
          )
        ).body,
      ).toEqual({ status: 'OK' });
      const mails = world.callsOf(mailRpc.send).map(({ input }) => input);
      const notice = {
        to: email,
        content: { template: 'use-other-method', values: { method: 'The Club', link: `${WEBSITE}/auth` } },
      };
      expect(mails).toEqual([expect.objectContaining(notice), expect.objectContaining(notice)]);
    });
  });

  describe('after the address has changed at the provider', () => {
    const move = (member: string, to: IssuerAccount) => issuer.accounts.set(member, to);

    it('is changed there and not here', async () => {
      const first = await come(aMember());
      const { errors } = await world.gql(
        `mutation { changeEmail(input: { newEmail: "${anEmail()}" }) { outcome } }`,
        {},
        { headers: { authorization: `Bearer ${first.headers.get('st-access-token')!}` } },
      );
      expect(errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', reason: 'EMAIL_OF_PROVIDER' });
    });

    it('follows to the new one', async () => {
      const member = aMember();
      const { body: first } = await come(member);
      const email = anEmail();
      move(member, { email, email_verified: true });
      expect((await come(member)).body).toMatchObject({ status: 'OK', user: { id: first.user.id, emails: [email] } });
    });

    it('keeps the old one where the new one is not verified or is somebody’s, and signs in all the same', async () => {
      const ann = await world.signUp();
      const member = aMember();
      const before = emailAt(member);
      const { body: first } = await come(member);
      for (const to of [
        { email: anEmail(), email_verified: false },
        { email: ann.email, email_verified: true },
      ]) {
        move(member, to);
        expect((await come(member)).body).toMatchObject({
          status: 'OK',
          user: { id: first.user.id, emails: [before] },
        });
      }
      expect((await usersWith(ann.email)).map(({ id }) => id)).toEqual([ann.id]);
    });
  });

  it('never leaves two accounts with one address, in however many ways it is opened at once', async () => {
    for (let round = 0; round < 8; round++) {
      const member = aMember();
      const email = emailAt(member);
      const [start, { body: code }] = await Promise.all([
        begin(),
        read(await world.post('/auth/signinup/code', { email })),
      ]);
      const parameters = await issuer.browse(start.urlWithQueryParams, member);
      const sent = world
        .callsOf(mailRpc.send)
        .map(({ input }) => input)
        .find((mail) => mail.to === email)!;
      const userInputCode = sent.content.template === 'sign-in-code' ? sent.content.values.code : '';
      const all = await Promise.all([
        finish(parameters, start.pkceCodeVerifier),
        signUp(email),
        world
          .post('/auth/signinup/code/consume', {
            preAuthSessionId: code.preAuthSessionId,
            deviceId: code.deviceId,
            userInputCode,
          })
          .then(read),
      ]);
      const welcome = all.filter(({ body }) => body.status === 'OK');
      expect((await usersWith(email)).map(({ id }) => id)).toEqual(welcome.map(({ body }) => body.user.id));
      expect(welcome.length).toBeLessThanOrEqual(1);
      for (const { body } of all) expect(['OK', 'SIGN_IN_UP_NOT_ALLOWED', 'FIELD_ERROR']).toContain(body.status);
    }
  });

  it('makes no mixture of two accounts with a session at hand', async () => {
    const ann = await world.signUp();
    const member = aMember();
    const start = await begin();
    const redirectURIInfo = {
      redirectURIOnProviderDashboard: REDIRECT,
      redirectURIQueryParams: await issuer.browse(start.urlWithQueryParams, member),
      pkceCodeVerifier: start.pkceCodeVerifier,
    };
    const withSession = async (body: object) =>
      read(
        await world.post(
          '/auth/signinup',
          { thirdPartyId: 'club', redirectURIInfo, ...body },
          { authorization: `Bearer ${ann.token}` },
        ),
      );
    expect(statusAndBody(await withSession({ shouldTryLinkingWithSessionUser: true }))).toEqual([
      400,
      expect.objectContaining({ path: ['shouldTryLinkingWithSessionUser'] }),
    ]);
    expect((await withSession({})).body).toMatchObject({
      status: 'OK',
      user: { loginMethods: [{ recipeId: 'thirdparty' }] },
    });
    expect((await usersWith(ann.email)).map(({ id, loginMethods }) => [id, loginMethods.length])).toEqual([
      [ann.id, 1],
    ]);
  });
});
