import { randomBytes } from 'node:crypto';
import { listUsersByAccountInfo } from 'supertokens-node';
import { AppError } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import { signInRpc } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const WEBSITE = 'http://127.0.0.1:3000';
const ME = '{ me { id username } }';
const aName = () => `p_${randomBytes(6).toString('hex')}`;
const anEmail = () => `${aName()}@example.com`;
// What the SDK answers differs from case to case: tests read into it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

describe('signing in with a code by e-mail', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  const post = async (path: string, body: object) => {
    const response = await world.post(`/auth/signinup/code${path}`, body);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  };
  const mailsTo = (email: string) =>
    world.callsOf(mailRpc.send).flatMap(({ input }) => (input.to === email ? [input.content] : []));
  /** The last code and link that were sent to an address. */
  const inbox = (email: string) => {
    const content = mailsTo(email).at(-1);
    if (content?.template !== 'sign-in-code') throw new Error(`no code was sent to ${email}`);
    return { ...content.values, url: new URL(content.values.link) };
  };
  const ask = async (email: string) =>
    (await post('', { email })).body as { preAuthSessionId: string; deviceId: string };
  const enter = (device: { preAuthSessionId: string; deviceId: string }, userInputCode: string) =>
    post('/consume', { preAuthSessionId: device.preAuthSessionId, deviceId: device.deviceId, userInputCode });
  const usersWith = (email: string) => listUsersByAccountInfo('public', { email });

  it('makes an account with a username at the first time, and finds it again at the second', async () => {
    const email = anEmail();
    const first = await enter(await ask(` ${email.toUpperCase()}`), inbox(email).code);
    expect(first.body).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: true,
      user: { emails: [email], loginMethods: [{ recipeId: 'passwordless', verified: true }] },
    });
    const { data } = await world.gql(
      ME,
      {},
      { headers: { authorization: `Bearer ${first.headers.get('st-access-token')!}` } },
    );
    expect(data.me).toEqual({ id: `user_${first.body.user.id}`, username: expect.stringMatching(/^user_\d{8}$/) });
    const second = await enter(await ask(email), inbox(email).code);
    expect(second.body).toMatchObject({ status: 'OK', createdNewRecipeUser: false, user: { id: first.body.user.id } });
    expect(world.callsOf(signInRpc.record).map(({ input }) => [input.method, input.outcome])).toEqual([
      ['EMAIL_CODE', 'SIGNED_UP'],
      ['EMAIL_CODE', 'SIGNED_IN'],
    ]);
  });

  it('works by the link as well, whose secret is behind the #', async () => {
    const email = anEmail();
    const { preAuthSessionId } = await ask(email);
    const { url } = inbox(email);
    expect([url.origin + url.pathname, url.searchParams.get('preAuthSessionId')]).toEqual([
      `${WEBSITE}/auth/verify`,
      preAuthSessionId,
    ]);
    const linkCode = url.hash.slice(1);
    expect((await post('/consume', { preAuthSessionId, linkCode })).body).toMatchObject({
      status: 'OK',
      user: { emails: [email] },
    });
    expect((await post('/consume', { preAuthSessionId, linkCode })).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
  });

  it('takes a code once', async () => {
    const email = anEmail();
    const device = await ask(email);
    const { code } = inbox(email);
    expect((await enter(device, code)).body.status).toBe('OK');
    expect((await enter(device, code)).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
  });

  it('is over after five wrong codes, also for the right one', async () => {
    const email = anEmail();
    const device = await ask(email);
    const { code } = inbox(email);
    for (let tries = 1; tries < 5; tries++) {
      expect((await enter(device, `not-${code}`)).body).toEqual({
        status: 'INCORRECT_USER_INPUT_CODE_ERROR',
        failedCodeInputAttemptCount: tries,
        maximumCodeInputAttempts: 5,
      });
    }
    expect((await enter(device, `not-${code}`)).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
    expect((await enter(device, code)).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
    expect(await usersWith(email)).toEqual([]);
  });

  it('sends a new code and link when asked again', async () => {
    const email = anEmail();
    const { preAuthSessionId, deviceId } = await ask(email);
    const first = inbox(email);
    expect((await post('/resend', { preAuthSessionId, deviceId })).body).toEqual({ status: 'OK' });
    const second = inbox(email);
    expect([second.code === first.code, second.link === first.link]).toEqual([false, false]);
    expect((await enter({ preAuthSessionId, deviceId }, second.code)).body.status).toBe('OK');
  });

  it('gives whoever has a password a mail that says so instead of a code, and answers alike', async () => {
    const ann = await world.signUp();
    world.clearCalls();
    const [known, unknown] = [await post('', { email: ann.email }), await post('', { email: anEmail() })];
    const shape = {
      status: 'OK',
      deviceId: expect.any(String),
      preAuthSessionId: expect.any(String),
      flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK',
    };
    expect([known.status, known.body, unknown.status, unknown.body]).toEqual([200, shape, 200, shape]);
    await post('/resend', known.body);
    const notice = {
      template: 'use-other-method',
      values: { link: `${WEBSITE}/auth`, method: 'your e-mail and password' },
    };
    expect(mailsTo(ann.email)).toEqual([notice, notice]);
  });

  it('is refused when the address got an account of another kind after the code was sent, and leaves that one alone', async () => {
    const email = anEmail();
    const [device, other] = [await ask(email), await ask(email)];
    const codes = mailsTo(email).map((content) => (content.template === 'sign-in-code' ? content : undefined)!.values);
    const signedUp = (await (await world.post('/auth/signup', signUpForm(aName(), email))).json()) as Body;
    const rejection = { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: expect.stringContaining('e-mail and password') };
    const byCode = await enter(device, codes[0]!.code);
    expect([byCode.body, byCode.headers.get('st-access-token')]).toEqual([rejection, null]);
    const byLink = await post('/consume', {
      preAuthSessionId: other.preAuthSessionId,
      linkCode: new URL(codes[1]!.link).hash.slice(1),
    });
    expect([{ status: 'RESTART_FLOW_ERROR' }, rejection]).toContainEqual(byLink.body);
    expect((await usersWith(email)).map(({ id }) => id)).toEqual([signedUp.user.id]);
  });

  it('refuses a password for an address that signs in by code', async () => {
    const email = anEmail();
    const { body } = await enter(await ask(email), inbox(email).code);
    const rejection = (await (await world.post('/auth/signup', signUpForm(aName(), email))).json()) as Body;
    expect(rejection).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'email', error: expect.stringContaining('a code by e-mail') }],
    });
    expect((await usersWith(email)).map(({ id }) => id)).toEqual([body.user.id]);
  });

  describe('and the change of the address', () => {
    const comeIn = async (email: string) => {
      const { body, headers } = await enter(await ask(email), inbox(email).code);
      return { id: body.user.id as string, token: headers.get('st-access-token')! };
    };
    const change = async (token: string, newEmail: string) => {
      const { data, errors } = await world.gql(
        'mutation ($newEmail: String!) { changeEmail(input: { newEmail: $newEmail }) { outcome } }',
        { newEmail },
        { headers: { authorization: `Bearer ${token}` } },
      );
      return (errors?.[0]?.extensions ?? data.changeEmail.outcome) as Body;
    };
    /** The first mail of this kind is the one that the change has sent. */
    const follow = async (email: string) => {
      const content = mailsTo(email).find(({ template }) => template === 'verify-email');
      const token = new URL(content?.template === 'verify-email' ? content.values.link : '').searchParams.get('token');
      return (await (await world.post('/auth/user/email/verify', { method: 'token', token })).json()) as Body;
    };

    it('goes by the new one when the link in the mail to it was followed; the old one is notified and opens nothing any more', async () => {
      const [former, email] = [anEmail(), anEmail()];
      const ann = await comeIn(former);
      const underWay = await ask(former);
      const { code } = inbox(former);
      expect(await change(ann.token, ` ${email.toUpperCase()}`)).toBe('VERIFICATION_SENT');
      expect((await usersWith(former)).map(({ id }) => id)).toEqual([ann.id]);
      expect(await follow(email)).toMatchObject({ status: 'OK' });
      await eventually(() => mailsTo(former).some(({ template }) => template === 'email-changed'));
      expect([await usersWith(former), (await usersWith(email)).map(({ id }) => id)]).toEqual([[], [ann.id]]);
      expect((await enter(underWay, code)).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
      expect((await comeIn(email)).id).toBe(ann.id);
    });

    it('refuses it when the session is old, and to the address of somebody else, also when that is taken while the link is under way', async () => {
      const ann = await comeIn(anEmail());
      const bo = await world.signUp();
      expect(await change(ann.token, bo.email)).toMatchObject({
        code: 'CONFLICT',
        reason: 'EMAIL_TAKEN',
        path: ['input', 'newEmail'],
      });
      const email = anEmail();
      expect(await change(ann.token, email)).toBe('VERIFICATION_SENT');
      await world.post('/auth/signup', signUpForm(aName(), email));
      expect(await follow(email)).toMatchObject({ code: 'CONFLICT', reason: 'EMAIL_TAKEN' });
      expect((await usersWith(email)).map(({ id }) => id)).not.toContain(ann.id);
      const now = Date.now;
      Date.now = () => now() + 11 * 60_000;
      try {
        expect(await change(ann.token, anEmail())).toMatchObject({ code: 'FORBIDDEN', reason: 'REAUTHENTICATE' });
      } finally {
        Date.now = now;
      }
    });
  });

  it('says so while no mail can be kept, for every address alike', async () => {
    const ann = await world.signUp();
    const email = anEmail();
    await enter(await ask(email), inbox(email).code);
    const before = world.handlerOf(mailRpc.send);
    await world.answer(mailRpc.send, () => {
      throw new AppError('UNAVAILABLE', 'The notification service does not answer.');
    });
    const answers = await Promise.all([ann.email, email, anEmail()].map((each) => post('', { email: each })));
    await world.answer(mailRpc.send, before);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [503, 'UNAVAILABLE'],
      [503, 'UNAVAILABLE'],
      [503, 'UNAVAILABLE'],
    ]);
    const withoutId = (body: object) => JSON.stringify(body).replace(/"correlationId":"[^"]+"/g, '');
    expect(new Set(answers.map(({ body }) => withoutId(body))).size).toBe(1);
  });

  it('takes nothing but an e-mail address, and tells nobody who has an account', async () => {
    expect((await post('', { email: 'not an address' })).body).toEqual({
      status: 'GENERAL_ERROR',
      message: expect.stringContaining('e-mail'),
    });
    for (const body of [{ phoneNumber: '+41791234567' }, { email: 5 }, { email: null }, {}])
      expect((await post('', body)).status).toBe(400);
    for (const path of [
      '/signup/email/exists',
      '/passwordless/email/exists',
      '/signup/phonenumber/exists',
      '/passwordless/phonenumber/exists',
    ]) {
      expect((await fetch(`${world.url}/auth${path}?email=ann%40example.com&phoneNumber=%2B41791234567`)).status).toBe(
        path.startsWith('/signup/email') ? 200 : 404,
      );
    }
    expect(world.callsOf(mailRpc.send)).toEqual([]);
  });
});
