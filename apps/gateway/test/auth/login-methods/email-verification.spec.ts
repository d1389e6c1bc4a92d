import { randomBytes } from 'node:crypto';
import { getUser } from 'supertokens-node';
import { updateEmailOrPassword } from 'supertokens-node/recipe/emailpassword';
import { createEmailVerificationLink } from 'supertokens-node/recipe/emailverification';
import { AppError } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const WEBSITE = 'http://127.0.0.1:3000';
const ME = '{ me { username } }';
const INVALID = [200, { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' }];
const OK = [200, { status: 'OK' }];
const aName = () => `p_${randomBytes(6).toString('hex')}`;
const anEmail = () => `${aName()}@example.com`;
const away = () => {
  throw new AppError('UNAVAILABLE', 'away');
};

describe('an e-mail address that may be verified', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ EMAIL_VERIFICATION: 'optional' });
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  const post = async (path: string, body: object, as?: TestUser) => {
    const response = await world.post(path, body, as ? { authorization: `Bearer ${as.token}` } : {});
    return [response.status, (await response.json()) as unknown];
  };
  const verify = (token: string, as?: TestUser) => post('/auth/user/email/verify', { method: 'token', token }, as);
  const askAgain = (as: TestUser) => post('/auth/user/email/verify/token', {}, as);
  const mailsTo = (email: string) =>
    world.callsOf(mailRpc.send).flatMap(({ input }) => (input.to === email ? [input.content] : []));
  const linksTo = (email: string) =>
    mailsTo(email).flatMap((content) => (content.template === 'verify-email' ? [new URL(content.values.link)] : []));
  const tokenTo = (email: string) => linksTo(email).at(-1)!.searchParams.get('token')!;
  const isVerified = async (as: TestUser) =>
    (
      (await (
        await fetch(`${world.url}/auth/user/email/verify`, { headers: { authorization: `Bearer ${as.token}` } })
      ).json()) as { isVerified: boolean }
    ).isVerified;
  const signIn = async (email: string) =>
    (
      (await post('/auth/signin', { formFields: signUpForm('', email).formFields.slice(0, 2) }))[1] as {
        status: string;
      }
    ).status;
  const loginOf = async ({ id }: TestUser) => (await getUser(id))!.loginMethods[0]!;

  it('gets a link at the sign-up by itself, and is verified by it once', async () => {
    const ann = await world.signUp();
    const [link] = linksTo(ann.email);
    expect([mailsTo(ann.email).length, link!.origin + link!.pathname]).toEqual([1, `${WEBSITE}/auth/verify-email`]);
    expect(await isVerified(ann)).toBe(false);
    const token = link!.searchParams.get('token')!;
    expect(await verify(token)).toEqual(OK);
    expect(await isVerified(ann)).toBe(true);
    expect([await verify(token), await verify('nonsense')]).toEqual([INVALID, INVALID]);
    expect(await askAgain(ann)).toEqual([200, { status: 'EMAIL_ALREADY_VERIFIED_ERROR' }]);
  });

  it('is not needed for anything', async () => {
    const ann = await world.signUp();
    expect((await world.gql(ME, {}, { as: ann })).data.me.username).toBe(ann.username);
  });

  it('gets another link when its owner asks, and nobody else', async () => {
    const ann = await world.signUp();
    expect(await askAgain(ann)).toEqual(OK);
    expect(linksTo(ann.email)).toHaveLength(2);
    expect((await post('/auth/user/email/verify/token', {}))[0]).toBe(401);
    for (const link of linksTo(ann.email))
      expect([OK, INVALID]).toContainEqual(await verify(link.searchParams.get('token')!));
    expect(await isVerified(ann)).toBe(true);
  });

  it('keeps nobody from signing up while no mail can be kept; asking for one says so', async () => {
    const send = world.handlerOf(mailRpc.send);
    await world.answer(mailRpc.send, away);
    const ann = await world.signUp();
    const asked = await askAgain(ann);
    await world.answer(mailRpc.send, send);
    expect(asked).toEqual([
      503,
      failureBody({ code: 'UNAVAILABLE', message: expect.any(String), retryAfterSeconds: 5 }),
    ]);
    world.clearCalls();
    expect(await askAgain(ann)).toEqual(OK);
    expect(await verify(tokenTo(ann.email))).toEqual(OK);
  });

  describe('and its change', () => {
    /** The first half of a change, as the API does it; answers the token that is in the link. */
    const wish = async (user: TestUser, email: string): Promise<string> => {
      const made = await createEmailVerificationLink('public', (await loginOf(user)).recipeUserId, email);
      return new URL(made.status === 'OK' ? made.link : '').searchParams.get('token')!;
    };

    it('is changed by following the link to the new one, and the old one is notified', async () => {
      const ann = await world.signUp();
      const email = anEmail();
      const token = await wish(ann, email.toUpperCase());
      expect(await signIn(email)).toBe('WRONG_CREDENTIALS_ERROR');
      expect(await verify(token, ann)).toEqual(OK);
      expect([await signIn(email), await signIn(ann.email)]).toEqual(['OK', 'WRONG_CREDENTIALS_ERROR']);
      expect(await loginOf(ann)).toMatchObject({ email, verified: true });
      expect(await isVerified(ann)).toBe(true);
      expect(mailsTo(ann.email).at(-1)).toEqual({
        template: 'email-changed',
        values: { newEmail: email, link: `${WEBSITE}/auth/reset-password` },
      });
      expect((await world.gql(ME, {}, { as: ann })).data.me.username).toBe(ann.username);
    });

    it('is not changed back by a link that an earlier address still has', async () => {
      const ann = await world.signUp();
      const strangers = tokenTo(ann.email);
      const email = anEmail();
      await verify(await wish(ann, email));
      expect(await verify(strangers)).toEqual(OK);
      expect((await loginOf(ann)).email).toBe(email);
      expect(await signIn(ann.email)).toBe('WRONG_CREDENTIALS_ERROR');
    });

    it('is changed to the last that was wished, and to none that was wished before', async () => {
      const ann = await world.signUp();
      const [first, second] = [anEmail(), anEmail()];
      const [toFirst, toSecond] = [await wish(ann, first), await wish(ann, second)];
      await verify(toFirst);
      expect((await loginOf(ann)).email).toBe(ann.email);
      await verify(toSecond);
      expect((await loginOf(ann)).email).toBe(second);
    });

    it('is not changed to one that has got an account meanwhile, in whatever way that is opened', async () => {
      const ann = await world.signUp();
      for (const take of [takeByPassword, takeByCode]) {
        const email = anEmail();
        const token = await wish(ann, email);
        await take(email);
        expect(await verify(token, ann)).toEqual([
          409,
          failureBody({ code: 'CONFLICT', reason: 'EMAIL_TAKEN', message: expect.any(String) }),
        ]);
        expect((await loginOf(ann)).email).toBe(ann.email);
        expect((await updateEmailOrPassword({ recipeUserId: (await loginOf(ann)).recipeUserId, email })).status).toBe(
          'EMAIL_ALREADY_EXISTS_ERROR',
        );
      }
    });

    it('is changed also when the old one cannot be notified', async () => {
      const ann = await world.signUp();
      const email = anEmail();
      const token = await wish(ann, email);
      const send = world.handlerOf(mailRpc.send);
      await world.answer(mailRpc.send, away);
      const answer = await verify(token);
      await world.answer(mailRpc.send, send);
      expect([answer, (await loginOf(ann)).email]).toEqual([OK, email]);
    });

    it('is changed to one that two accounts want at once for one of them at most', async () => {
      for (let round = 0; round < 5; round++) {
        const [ann, bo] = [await world.signUp(), await world.signUp()];
        const email = anEmail();
        const tokens = [await wish(ann, email), await wish(bo, email)];
        await Promise.all(tokens.map((token) => verify(token)));
        const now = [(await loginOf(ann)).email, (await loginOf(bo)).email];
        expect(now.filter((each) => each === email).length).toBeLessThanOrEqual(1);
      }
    });

    const takeByPassword = async (email: string) =>
      expect(await post('/auth/signup', signUpForm(aName(), email))).toEqual([
        200,
        expect.objectContaining({ status: 'OK' }),
      ]);
    const takeByCode = async (email: string) => {
      const [, { preAuthSessionId, deviceId }] = (await post('/auth/signinup/code', { email })) as [
        number,
        { preAuthSessionId: string; deviceId: string },
      ];
      const sent = mailsTo(email).at(-1)!;
      const userInputCode = sent.template === 'sign-in-code' ? sent.values.code : '';
      expect(await post('/auth/signinup/code/consume', { preAuthSessionId, deviceId, userInputCode })).toEqual([
        200,
        expect.objectContaining({ status: 'OK' }),
      ]);
    };
  });
});
