import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@fowergram/testing';
import { CoreProxy } from '../../support/core-proxy.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

/** As the real core words it while its database is away. */
const REASON =
  'Internal Error: java.sql.SQLTransientConnectionException: Connection to primary-7.internal:5432 refused, user "auth_owner"';
const SECRETS = /primary-7|:5432|auth_owner|SQLTransient/;
const PASSWORD = 'correct-horse-1';

const ANN = signUpForm('ann', 'ann@example.com').formFields;
const forms: [string, unknown][] = [
  ['/auth/signin', { formFields: ANN.slice(0, 2) }],
  ['/auth/signup', { formFields: ANN }],
  ['/auth/user/password/reset/token', { formFields: ANN.slice(0, 1) }],
  ['/auth/user/password/reset', { method: 'token', token: 'x', formFields: ANN.slice(1, 2) }],
  ['/auth/user/email/verify', { method: 'token', token: 'x' }],
  ['/auth/signinup/code', { email: 'ann@example.com' }],
  ['/auth/signinup/code/resend', { deviceId: 'eA==', preAuthSessionId: 'eA' }],
  ['/auth/signinup/code/consume', { preAuthSessionId: 'eA', linkCode: 'eA' }],
];
const signedIn: [string, unknown][] = [
  ['/auth/user/email/verify/token', {}],
  ['/auth/second-factor/enrol', { password: PASSWORD }],
  ['/auth/signout', {}],
];
const operations = [
  ['{ mySessions { id } }', {}],
  [
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }',
    { currentPassword: PASSWORD, newPassword: 'battery-2-staple' },
  ],
  [
    'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }',
    { newEmail: 'bo@example.com', password: PASSWORD },
  ],
  ['mutation ($input: ReauthenticationInput!) { deleteAccount(input: $input) { __typename } }', { password: PASSWORD }],
  ['mutation { revokeOtherSessions { __typename } }', {}],
] as const;

describe('An auth core that fails', () => {
  let core: CoreProxy;
  let world: World;
  let ann: TestUser;
  let gateway: GatewayProcess;
  let collector: Server;
  let spans = '';

  beforeAll(async () => {
    collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (spans += String(chunk)));
      request.on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    core = await CoreProxy.open();
    world = await openWorld();
    ann = await world.signUp();
    gateway = await startGateway(world, {
      SUPERTOKENS_CONNECTION_URI: core.url,
      DEBUG: 'com.supertokens',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    // The keys that tokens are verified with are known from here on.
    expect((await ask('/graphql', { query: '{ me { username } }' }, ann.token))[2]).toContain(ann.username);
    core.answerItself('', 500, REASON);
  });
  afterAll(async () => {
    await gateway?.stop();
    await world?.close();
    await core?.close();
    collector?.close();
  });

  async function ask(path: string, body: unknown, token?: string): Promise<[string, number, string]> {
    const response = await fetch(`${gateway.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return [path, response.status, [...response.headers.values(), await response.text()].join('\n')];
  }

  it('is answered for by 503, and where its database is reaches no answer, no log and no trace', async () => {
    const failed = [
      ...(await Promise.all(forms.map(([path, body]) => ask(path, body)))),
      ...(await Promise.all(signedIn.slice(0, 1).map(([path, body]) => ask(path, body, ann.token)))),
      await ask('/auth/session/refresh', {}, ann.refreshToken),
      await ask('/auth/emailpassword/email/exists?email=ann@example.com', undefined),
    ];
    expect(failed.map(([path, status]) => [path, status])).toEqual(failed.map(([path]) => [path, 503]));
    const others = [
      ...(await Promise.all(
        operations.map(([query, input]) => ask('/graphql', { query, variables: { input } }, ann.token)),
      )),
      // The last ends the session, if only in this process.
      ...(await Promise.all(signedIn.slice(1, 2).map(([path, body]) => ask(path, body, ann.token)))),
      ...(await Promise.all(signedIn.slice(2).map(([path, body]) => ask(path, body, ann.token)))),
    ];
    expect([...failed, ...others].filter(([, , answer]) => SECRETS.test(answer))).toEqual([]);
    expect(others.filter(([, , answer]) => !/UNAVAILABLE|"status":"OK"/.test(answer))).toEqual([]);
    // What is looked through is there: the SDK's own talk, our lines and the spans of both.
    await eventually(() => spans.includes('/auth/') && spans.includes('graphql'));
    expect(gateway.output()).toMatch(/core-call: POST/);
    expect(gateway.output()).toMatch(/auth core failed/);
    expect(gateway.output()).not.toMatch(SECRETS);
    expect(spans).not.toMatch(SECRETS);
  });
});
