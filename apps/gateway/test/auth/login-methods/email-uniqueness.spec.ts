import { randomBytes } from 'node:crypto';
import { listUsersByAccountInfo } from 'supertokens-node';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import Passwordless from 'supertokens-node/recipe/passwordless';
import ThirdParty from 'supertokens-node/recipe/thirdparty';
import { mailRpc } from '@fowergram/contracts-notification';
import { CoreProxy } from '../../support/core-proxy.js';
import { type OidcIssuer, startIssuer } from '../../support/oidc-issuer.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const REDIRECT = 'http://127.0.0.1:3000/auth/callback/club';
const TENANT = 'public';
const CHANGE_EMAIL =
  'mutation ($newEmail: String!) { changeEmail(input: { newEmail: $newEmail, password: "correct-horse-1" }) { outcome } }';
const aName = () => `p_${randomBytes(6).toString('hex')}`;
// What the SDK answers differs from case to case: tests read into it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;
type AccountLoginMethod = 'password' | 'code' | 'provider';

/** The gateway waits for the core for three seconds: what takes a busy machine longer proves nothing. */
class TooBusy extends Error {}
const ROUNDS = 5;
const LIMIT_MS = 120_000;

/** Each way in has found the address free and is stopped before it takes it; meanwhile somebody else does. */
describe('an address that is taken between the check and the change', () => {
  let core: CoreProxy;
  let issuer: OidcIssuer;
  let world: World;
  let email: string;

  beforeAll(async () => {
    [core, issuer] = await Promise.all([CoreProxy.open(), startIssuer(REDIRECT)]);
    const club = {
      id: 'club',
      name: 'The Club',
      issuer: issuer.url,
      clientId: issuer.client.client_id,
      clientSecret: issuer.client.client_secret,
    };
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url, SIGN_IN_PROVIDERS: JSON.stringify([club]) });
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
    await issuer?.stop();
  });

  const inTime = async (scenario: () => Promise<void>): Promise<void> => {
    for (let round = 1; ; round++) {
      email = `${aName()}@example.com`;
      try {
        return await scenario();
      } catch (error) {
        if (!(error instanceof TooBusy) || round === ROUNDS) throw error;
      }
    }
  };

  const post = async (path: string, body: object): Promise<Body> => (await world.post(path, body)).json();
  const mailTo = (address: string) =>
    world
      .callsOf(mailRpc.send)
      .flatMap(({ input }) => (input.to === address ? [input.content] : []))
      .at(-1);
  const ownersOf = async (address: string) =>
    (await listUsersByAccountInfo(TENANT, { email: address })).map(({ id }) => id);

  const byProvider = async (member: string): Promise<() => Promise<Body>> => {
    const query = new URLSearchParams({ thirdPartyId: 'club', redirectURIOnProviderDashboard: REDIRECT });
    const { urlWithQueryParams, pkceCodeVerifier } = (await (
      await fetch(`${world.url}/auth/authorisationurl?${query}`)
    ).json()) as Body;
    const redirectURIQueryParams = await issuer.browse(urlWithQueryParams, member);
    return () =>
      post('/auth/signinup', {
        thirdPartyId: 'club',
        redirectURIInfo: { redirectURIOnProviderDashboard: REDIRECT, redirectURIQueryParams, pkceCodeVerifier },
      });
  };

  /** Goes each way up to its last step, which is what is answered. */
  const loginMethods: Record<AccountLoginMethod, () => Promise<() => Promise<Body>>> = {
    password: () => Promise.resolve(() => post('/auth/signup', signUpForm(aName(), email))),
    code: async () => {
      const { preAuthSessionId, deviceId } = await post('/auth/signinup/code', { email });
      const sent = mailTo(email);
      const userInputCode = sent?.template === 'sign-in-code' ? sent.values.code : '';
      return () => post('/auth/signinup/code/consume', { preAuthSessionId, deviceId, userInputCode });
    },
    provider: () => byProvider(issuer.add({ email, email_verified: true })),
  };

  /** What another process of ours does, without the way there. */
  const take: Record<AccountLoginMethod, () => Promise<Body>> = {
    password: () => EmailPassword.signUp(TENANT, email, 'another-horse-2'),
    code: () => Passwordless.signInUp({ tenantId: TENANT, email }),
    provider: () => ThirdParty.manuallyCreateOrUpdateUser(TENANT, 'club', aName(), email, true),
  };

  /** Lets the slow way go as far as the call that makes the change; answers it, and the id of the account that was faster. */
  const overtake = async (
    path: string,
    slow: () => Promise<Body>,
    fast: AccountLoginMethod,
  ): Promise<[Body, string]> => {
    const held = core.holdNextCall(path);
    const answer = slow();
    await held.arrived;
    const first = await take[fast]();
    held.letGo();
    const late = await answer;
    if (late.code === 'UNAVAILABLE') throw new TooBusy();
    return [late, first.user.id];
  };

  const NOT_ALLOWED = { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: expect.stringContaining('sign in with') };
  const FIELD = {
    status: 'FIELD_ERROR',
    formFields: [{ id: 'email', error: expect.stringContaining('sign in with') }],
  };

  it.each<[AccountLoginMethod, AccountLoginMethod, string, object]>([
    ['password', 'code', '/recipe/signup', FIELD],
    ['password', 'provider', '/recipe/signup', FIELD],
    ['code', 'password', '/recipe/signinup/code/consume', NOT_ALLOWED],
    ['code', 'provider', '/recipe/signinup/code/consume', NOT_ALLOWED],
    ['provider', 'password', '/recipe/signinup', NOT_ALLOWED],
    ['provider', 'code', '/recipe/signinup', NOT_ALLOWED],
  ])(
    'opens no second account by %s when a %s was faster',
    (slow, fast, path, rejection) =>
      inTime(async () => {
        const [late, first] = await overtake(path, await loginMethods[slow](), fast);
        expect([late, await ownersOf(email)]).toEqual([rejection, [first]]);
      }),
    LIMIT_MS,
  );

  it.each<AccountLoginMethod>(['code', 'provider'])(
    'is not given to an account that wished it when a %s was faster',
    (fast) =>
      inTime(async () => {
        const ann = await world.signUp();
        await world.gql(CHANGE_EMAIL, { newEmail: email }, { as: ann });
        const mail = mailTo(email);
        const token = new URL(mail?.template === 'verify-email' ? mail.values.link : '').searchParams.get('token');
        const [late, first] = await overtake(
          '/recipe/user',
          () => post('/auth/user/email/verify', { method: 'token', token }),
          fast,
        );
        expect(late).toMatchObject({ code: 'CONFLICT', reason: 'EMAIL_TAKEN' });
        expect([await ownersOf(email), await ownersOf(ann.email)]).toEqual([[first], [ann.id]]);
      }),
    LIMIT_MS,
  );

  it.each<AccountLoginMethod>(['password', 'provider'])(
    'is not given to an account with a code that wished it when a %s was faster',
    (fast) =>
      inTime(async () => {
        const [former, wished] = [`${aName()}@example.com`, email];
        const { user, recipeUserId } = (await Passwordless.signInUp({ tenantId: TENANT, email: former })) as Body;
        const [late, first] = await overtake(
          '/recipe/user',
          () => Passwordless.updateUser({ recipeUserId, email: wished }),
          fast,
        );
        expect(late).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
        expect([await ownersOf(wished), await ownersOf(former)]).toEqual([[first], [user.id]]);
      }),
    LIMIT_MS,
  );

  it.each<AccountLoginMethod>(['password', 'code'])(
    'is not followed to where it has changed at a provider when a %s was faster',
    (fast) =>
      inTime(async () => {
        const former = email;
        const member = issuer.add({ email: former, email_verified: true });
        const { user } = await (await byProvider(member))();
        email = `${aName()}@example.com`;
        issuer.accounts.set(member, { email, email_verified: true });
        const [late, first] = await overtake('/recipe/signinup', await byProvider(member), fast);
        expect(late).toMatchObject({ status: 'OK', user: { id: user.id, emails: [former] } });
        expect([await ownersOf(email), await ownersOf(former)]).toEqual([[first], [user.id]]);
      }),
    LIMIT_MS,
  );
});
