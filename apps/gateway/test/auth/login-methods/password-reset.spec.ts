import { randomBytes } from 'node:crypto';
import { getUser } from 'supertokens-node';
import { updateEmailOrPassword } from 'supertokens-node/recipe/emailpassword';
import { AppError } from '@fowergram/contracts-core';
import { mailRpc, notificationRpc } from '@fowergram/contracts-notification';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const WEBSITE = 'http://127.0.0.1:3000';
const ME = '{ me { id } }';
const NEW = 'battery-staple-2';
const OK = [200, { status: 'OK' }];
const INVALID = [200, { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' }];
const anEmail = () => `p_${randomBytes(6).toString('hex')}@example.com`;

describe('a forgotten password', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());

  const post = async (path: string, body: object) => {
    const response = await world.post(path, body, { 'x-correlation-id': 'one-and-the-same' });
    return [response.status, (await response.json()) as unknown];
  };
  const ask = (email: string) =>
    post('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] });
  const reset = (token: string, password = NEW) =>
    post('/auth/user/password/reset', { method: 'token', token, formFields: [{ id: 'password', value: password }] });
  const signIn = async (email: string, password: string) =>
    (
      (await post('/auth/signin', { formFields: signUpForm('', email, password).formFields.slice(0, 2) }))[1] as {
        status: string;
      }
    ).status;
  const mailsTo = (email: string) =>
    world.callsOf(mailRpc.send).flatMap(({ input }) => (input.to === email ? [input.content] : []));
  /** All but what is sent in the background of an earlier test, and may still be on its way. */
  const unexpectedMails = () =>
    world.callsOf(mailRpc.send).filter(({ input }) => input.content.template !== 'password-changed');
  const linksTo = (email: string) =>
    mailsTo(email).flatMap((content) => (content.template === 'reset-password' ? [new URL(content.values.link)] : []));
  const tokenFor = async (email: string): Promise<string> => {
    await ask(email);
    return linksTo(email).at(-1)!.searchParams.get('token')!;
  };
  const isSignedIn = async (user: TestUser) =>
    (await world.post('/graphql', { query: ME }, { authorization: `Bearer ${user.token}` })).status === 200;
  const aUser = async () => {
    const user = await world.signUp();
    world.clearCalls();
    return user;
  };

  it('is set anew by a link in a mail, after which every session is over and the owner is notified', async () => {
    const ann = await aUser();
    const elsewhere = await world.post('/auth/signin', {
      formFields: signUpForm('', ann.email).formFields.slice(0, 2),
    });
    const other = { ...ann, token: elsewhere.headers.get('st-access-token')! };
    expect([await isSignedIn(ann), await isSignedIn(other)]).toEqual([true, true]);
    expect(await ask(` ${ann.email.toUpperCase()} `)).toEqual(OK);
    const [link] = linksTo(ann.email);
    expect(link!.origin + link!.pathname).toBe(`${WEBSITE}/auth/reset-password`);
    expect(await reset(link!.searchParams.get('token')!)).toEqual(OK);
    expect([await isSignedIn(ann), await isSignedIn(other)]).toEqual([false, false]);
    expect(
      (
        await fetch(`${world.url}/auth/session/refresh`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ann.refreshToken}` },
        })
      ).status,
    ).toBe(401);
    expect([await signIn(ann.email, 'correct-horse-1'), await signIn(ann.email, NEW)]).toEqual([
      'WRONG_CREDENTIALS_ERROR',
      'OK',
    ]);
    expect(mailsTo(ann.email).filter(({ template }) => template === 'password-changed')).toEqual([
      { template: 'password-changed', values: { link: `${WEBSITE}/auth/reset-password` } },
    ]);
    expect((await getUser(ann.id))!.loginMethods[0]!.verified).toBe(true);
  });

  it('is set once by a link, and by no other link that was sent before', async () => {
    const ann = await aUser();
    const [first, second] = [await tokenFor(ann.email), await tokenFor(ann.email)];
    expect(await reset(second)).toEqual(OK);
    for (const token of [second, first, 'nonsense']) expect(await reset(token, 'another-horse-3')).toEqual(INVALID);
    expect(await signIn(ann.email, NEW)).toBe('OK');
  });

  it('is not set to a weak one, and the link stays good', async () => {
    const ann = await aUser();
    const token = await tokenFor(ann.email);
    expect(await reset(token, 'short')).toEqual([
      200,
      { status: 'FIELD_ERROR', formFields: [{ id: 'password', error: expect.any(String) }] },
    ]);
    expect(await isSignedIn(ann)).toBe(true);
    expect(await reset(token)).toEqual(OK);
  });

  it('is not set by a link to an address that the account has no more', async () => {
    const ann = await aUser();
    const token = await tokenFor(ann.email);
    const { loginMethods } = (await getUser(ann.id))!;
    const email = anEmail();
    expect((await updateEmailOrPassword({ recipeUserId: loginMethods[0]!.recipeUserId, email })).status).toBe('OK');
    expect(await reset(token)).toEqual(INVALID);
    expect([await signIn(email, NEW), await signIn(email, 'correct-horse-1')]).toEqual([
      'WRONG_CREDENTIALS_ERROR',
      'OK',
    ]);
  });

  it('when it is set anew ends what somebody with the former one has begun: a change of the address', async () => {
    const ann = await aUser();
    const email = anEmail();
    await world.gql(
      'mutation ($newEmail: String!) { changeEmail(input: { newEmail: $newEmail, password: "correct-horse-1" }) { outcome } }',
      { newEmail: email },
      { as: ann },
    );
    const mail = mailsTo(email)[0];
    expect(await reset(await tokenFor(ann.email))).toEqual(OK);
    const followed = new URL(mail?.template === 'verify-email' ? mail.values.link : '').searchParams.get('token');
    expect(await post('/auth/user/email/verify', { method: 'token', token: followed })).toEqual(OK);
    expect([await signIn(ann.email, NEW), await signIn(email, NEW)]).toEqual(['OK', 'WRONG_CREDENTIALS_ERROR']);
  });

  it('tells nobody whether there is an account: the same answer for an unknown address, and no mail', async () => {
    world.clearCalls();
    expect(await ask(anEmail())).toEqual(OK);
    expect(unexpectedMails()).toEqual([]);
  });

  it('is nothing that a user who signs in by code has: a mail says so', async () => {
    const email = anEmail();
    const [, device] = (await post('/auth/signinup/code', { email })) as [
      number,
      { preAuthSessionId: string; deviceId: string },
    ];
    const sent = mailsTo(email)[0];
    const userInputCode = sent?.template === 'sign-in-code' ? sent.values.code : '';
    expect(
      await post('/auth/signinup/code/consume', {
        preAuthSessionId: device.preAuthSessionId,
        deviceId: device.deviceId,
        userInputCode,
      }),
    ).toEqual([200, expect.objectContaining({ status: 'OK' })]);
    expect(await ask(email)).toEqual(OK);
    expect(mailsTo(email).slice(1)).toEqual([
      { template: 'use-other-method', values: { method: 'a code by e-mail', link: `${WEBSITE}/auth` } },
    ]);
  });

  it('is asked to wait while no mail can be stored, whoever asks', async () => {
    const ann = await aUser();
    const away = () => {
      throw new AppError('UNAVAILABLE', 'The notification service does not answer. Please try again.');
    };
    const [send, count] = [world.handlerOf(mailRpc.send), world.handlerOf(notificationRpc.unreadCount)];
    await Promise.all([world.answer(mailRpc.send, away), world.answer(notificationRpc.unreadCount, away)]);
    const answers = [await ask(ann.email), await ask(anEmail())];
    await Promise.all([world.answer(mailRpc.send, send), world.answer(notificationRpc.unreadCount, count)]);
    const unavailable = [503, failureBody({ code: 'UNAVAILABLE', message: expect.any(String), retryAfterSeconds: 5 })];
    expect(answers).toEqual([unavailable, unavailable]);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('is set also when the owner cannot be notified', async () => {
    const ann = await aUser();
    const token = await tokenFor(ann.email);
    const send = world.handlerOf(mailRpc.send);
    await world.answer(mailRpc.send, () => {
      throw new AppError('UNAVAILABLE', 'away');
    });
    const answer = await reset(token);
    await world.answer(mailRpc.send, send);
    expect([answer, await isSignedIn(ann)]).toEqual([OK, false]);
  });

  it('is not asked for with nonsense', async () => {
    world.clearCalls();
    expect(await ask('nobody')).toEqual([
      200,
      { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: expect.any(String) }] },
    ]);
    expect(((await post('/auth/user/password/reset/token', {})) as [number])[0]).toBe(400);
    expect(
      (
        (await post('/auth/user/password/reset', { formFields: [{ id: 'password', value: NEW }], token: 5 })) as [
          number,
        ]
      )[0],
    ).toBe(400);
    expect(unexpectedMails()).toEqual([]);
  });
});
