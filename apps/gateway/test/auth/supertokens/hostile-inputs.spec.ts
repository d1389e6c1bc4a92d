import { CoreProxy } from '../../support/core-proxy.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const NUL = '\0';
const MARK = 'h0stile-mark-1';
const TOO_LONG = `${MARK}${'a'.repeat(250)}@example.com`;
const field = (id: string, value: unknown) => ({ id, value });
const form = (...formFields: { id: string; value: unknown }[]) => ({ formFields });
const signUp = (email: unknown, password: unknown) =>
  form(
    field('email', email),
    field('password', password),
    field('username', `ann_${MARK.slice(-6)}`.replace('-', '_')),
  );
const signIn = (email: unknown, password: unknown) => form(field('email', email), field('password', password));
const reset = (password: unknown) => ({ method: 'token', token: MARK, ...form(field('password', password)) });

/** What the real core takes or fails at, though it is nothing that anybody should send; each holds the mark. */
const requests: [string, string, unknown][] = [
  [
    'an e-mail address longer than the core stores, at the sign-up',
    '/auth/signup',
    signUp(TOO_LONG, 'correct-horse-1'),
  ],
  ['the same at the sign-in', '/auth/signin', signIn(TOO_LONG, MARK)],
  ['the same for a reset', '/auth/user/password/reset/token', form(field('email', TOO_LONG))],
  ['the same for a code', '/auth/signinup/code', { email: TOO_LONG }],
  [
    'a NUL in an e-mail address, at the sign-up',
    '/auth/signup',
    signUp(`${MARK}${NUL}@example.com`, 'correct-horse-1'),
  ],
  ['the same at the sign-in', '/auth/signin', signIn(`${MARK}${NUL}@example.com`, 'x')],
  ['the same for a reset', '/auth/user/password/reset/token', form(field('email', `${MARK}${NUL}@example.com`))],
  ['the same for a code', '/auth/signinup/code', { email: `${MARK}${NUL}@example.com` }],
  ['a NUL in a password, at the sign-up', '/auth/signup', signUp('ann@example.com', `${MARK}${NUL}`)],
  ['the same at the sign-in', '/auth/signin', signIn('ann@example.com', `${MARK}${NUL}`)],
  ['the same at a reset', '/auth/user/password/reset', reset(`${MARK}${NUL}`)],
  ['a NUL in a code', '/auth/signinup/code/consume', { preAuthSessionId: MARK, deviceId: 'eA==', userInputCode: NUL }],
  ['a NUL in a link', '/auth/signinup/code/consume', { preAuthSessionId: MARK, linkCode: NUL }],
  ['a NUL in a token', '/auth/user/email/verify', { method: 'token', token: `${MARK}${NUL}` }],
  ['a password that is a list, at the sign-up', '/auth/signup', signUp('ann@example.com', [MARK])],
  ['the same at the sign-in', '/auth/signin', signIn('ann@example.com', [MARK])],
  ['the same at a reset', '/auth/user/password/reset', reset([MARK])],
  ['an e-mail address that is a list', '/auth/signin', signIn([`${MARK}@example.com`], 'x')],
  ['the same for a code', '/auth/signinup/code', { email: [`${MARK}@example.com`] }],
  ['no password at the sign-up', '/auth/signup', signUp(`${MARK}@example.com`, '')],
  ['no password at a reset', '/auth/user/password/reset', reset('')],
  [
    'a password longer than a hundred characters',
    '/auth/signup',
    signUp('ann@example.com', `${MARK}${'1'.repeat(100)}`),
  ],
  ['wildcards for an e-mail address', '/auth/signin', signIn(`%${MARK}_`, 'x')],
];

describe('What the core would take, or fail at,', () => {
  let core: CoreProxy;
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    ann = await world.signUp();
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });
  beforeEach(() => core.clearCalls());

  const isRefusal = (status: number, answer: { status?: string }) =>
    status === 400 ||
    (status === 200 &&
      ['FIELD_ERROR', 'GENERAL_ERROR', 'PASSWORD_POLICY_VIOLATED_ERROR'].includes(answer.status ?? ''));

  it.each(requests)('is refused before the core sees it: %s (%s)', async (_, path, body) => {
    const response = await world.post(path, body);
    const answer = (await response.json()) as { status?: string };
    expect([response.status, answer, isRefusal(response.status, answer)]).toEqual([response.status, answer, true]);
    expect(core.seen()).not.toContain(MARK);
  });

  it.each([
    ['too long', `email=${TOO_LONG}`],
    ['with a NUL', `email=${MARK}%00@example.com`],
    ['twice', `email=${MARK}@example.com&email=${MARK}@example.org`],
    ['with a NUL beside it', `email=a@example.com&x=${MARK}%00`],
  ])('is refused as an address in a question: %s', async (_, query) => {
    for (const path of ['/auth/emailpassword/email/exists', '/auth/signup/email/exists']) {
      const response = await fetch(`${world.url}${path}?${query}`);
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'BAD_USER_INPUT' }]);
    }
    expect(core.seen()).not.toContain(MARK);
  });

  it.each([
    "{'formFields':[]}",
    '{"email":"a@b.cd",}',
    '{email:"a@b.cd"}',
    '[]',
    '"x"',
    '{"email":"a@b.cd"} x',
    '{"email":"a@b.cd","email":"b@b.cd"}',
    '{"email":"a@b.cd","\\u0065mail":"b@b.cd"}',
    '{"email":"a@b.cd","__proto__":{"email":"b@b.cd"}}',
  ])('is refused as a body: %s', async (body) => {
    const response = await fetch(`${world.url}/auth/signinup/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'BAD_USER_INPUT' }]);
    expect(core.calls()).toEqual([]);
  });

  it.each([
    ['an empty password', 'newPassword', ''],
    ['a NUL in a password', 'newPassword', `${MARK}${NUL}`],
    ['a password that is too long', 'newPassword', `${MARK}${'1'.repeat(100)}`],
    ['a NUL in the current password', 'currentPassword', `${MARK}${NUL}`],
    ['an empty current password', 'currentPassword', ''],
  ])('is refused by changePassword: %s', async (_, name, value) => {
    const input = { currentPassword: 'correct-horse-1', newPassword: 'battery-2-staple', [name]: value };
    const { errors } = await world.gql(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { account { id } } }',
      { input },
      { as: ann },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', name] });
    expect(core.seen()).not.toContain(MARK);
    expect([...core.calls('/recipe/user'), ...core.calls('/recipe/user/password/reset/token')]).toEqual([]);
  });

  it.each([TOO_LONG, `${MARK}${NUL}@example.com`, `%${MARK}_`, `${MARK}@example.invalid`])(
    'is refused by changeEmail: %j',
    async (newEmail) => {
      const { errors } = await world.gql(
        'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { outcome } }',
        { input: { newEmail, password: 'correct-horse-1' } },
        { as: ann },
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', 'newEmail'] });
      expect(core.seen()).not.toContain(MARK);
    },
  );

  it('is refused for a second factor: a NUL in the password', async () => {
    const response = await world.post(
      '/auth/second-factor/enrol',
      { password: `${MARK}${NUL}` },
      { authorization: `Bearer ${ann.token}` },
    );
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'BAD_USER_INPUT' }]);
    expect(core.seen()).not.toContain(MARK);
  });

  it('is exact: nobody is found by a wildcard', async () => {
    const wild = ann.email.replace('p_', 'p%');
    const response = await fetch(`${world.url}/auth/emailpassword/email/exists?email=${encodeURIComponent(wild)}`);
    expect(await response.json()).toEqual({ status: 'OK', exists: false });
    expect(
      await (await world.post('/auth/signin', { formFields: signUpForm('', wild).formFields.slice(0, 2) })).json(),
    ).not.toMatchObject({ status: 'OK' });
  });
});
