import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { listUsersByAccountInfo } from 'supertokens-node';
import { signInUp } from 'supertokens-node/recipe/passwordless';
import { eventually } from '@fowergram/testing';
import { DECOY_EMAIL } from '../../../src/auth/login-methods/decoy-account.service.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { anEmail, signInForm, times } from '../../support/limited-world.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const SIGN_IN = '/recipe/signin';
const LOOK_UP = '/users/by-accountinfo';
const ATTEMPTS = 10;
const WRONG = 'wrong-horse-1';
/** An é in two characters: where the core says no, it is asked about what was typed as well. */
const WRONG_AS_TYPED = 'wrong-hors\u0065\u0301-1';

describe('Ten wrong passwords at once', () => {
  let core: CoreProxy;
  let world: World;
  let redis: Redis;
  const emails: Record<string, string> = {};

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    redis = new Redis(world.redis.url);
    emails['an account with a password'] = (await world.signUp()).email;
    emails['an account that is opened by a code'] = anEmail();
    await signInUp({ tenantId: 'public', email: emails['an account that is opened by a code'] });
    emails['no account'] = anEmail();
  });
  afterAll(async () => {
    redis?.disconnect();
    await world?.close();
    await core?.close();
  });

  /** The core hashes a password only for an address that opens an account by one. */
  async function isHashedFor(email: string): Promise<boolean> {
    const users = await listUsersByAccountInfo('public', { email });
    return users.some(({ loginMethods }) => loginMethods.some(({ recipeId }) => recipeId === 'emailpassword'));
  }

  /** What ten at once have the core do: how often each call comes, and for how many passwords it hashes. */
  async function workFor(email: string, password: string) {
    await redis.flushall();
    core.clearCalls();
    const answers = await times(ATTEMPTS, async () => {
      const response = await world.post('/auth/signin', signInForm(email, password), {
        'x-forwarded-for': '192.0.2.10',
      });
      return [response.status, await response.text()];
    });
    expect(answers).toEqual(Array.from({ length: ATTEMPTS }, () => [200, '{"status":"WRONG_CREDENTIALS_ERROR"}']));
    // One look-up is in the background: whose login history the attempt belongs to.
    await eventually(() => core.calls(LOOK_UP).length === 2 * ATTEMPTS);
    const paths = core.calls();
    const checked = core.bodiesOf<{ email: string; password: string }>(SIGN_IN);
    const hashed = await Promise.all(checked.map((each) => isHashedFor(each.email)));
    return {
      answers,
      calls: Object.fromEntries(
        [...new Set(paths)].sort().map((path) => [path, paths.filter((each) => each === path).length]),
      ),
      passwords: checked.map((each) => each.password),
      hashes: hashed.filter(Boolean).length,
    };
  }

  it.each([
    { kind: 'as the core has it', password: WRONG, forms: [WRONG] },
    {
      kind: 'in another form than its normal one',
      password: WRONG_AS_TYPED,
      forms: [WRONG_AS_TYPED.normalize('NFKC'), WRONG_AS_TYPED],
    },
    { kind: 'of 10,000 characters', password: 'x1'.repeat(5_000), forms: ['x1'.repeat(5_000)] },
  ])('make the core do the same for every address, hashes included: one $kind', async ({ password, forms }) => {
    const known = await workFor(emails['an account with a password']!, password);
    expect(known.hashes).toBe(ATTEMPTS * forms.length);
    expect([...known.passwords].sort()).toEqual(forms.flatMap((form) => times10(form)).sort());
    for (const [whose, email] of Object.entries(emails)) {
      const work = await workFor(email, password);
      expect([whose, { ...work, passwords: [...work.passwords].sort() }]).toEqual([
        whose,
        { ...known, passwords: [...known.passwords].sort() },
      ]);
    }
  });

  it('from one address are heard in turn, and nobody else waits for them', async () => {
    const email = emails['an account with a password']!;
    await redis.flushall();
    core.clearCalls();
    const first = core.holdNextCall(SIGN_IN);
    const guesses = times(ATTEMPTS, () =>
      world.post('/auth/signin', signInForm(email, WRONG), { 'x-forwarded-for': '192.0.2.11' }),
    );
    await first.arrived;
    const others = [
      world.post('/auth/signin', signInForm(email, 'correct-horse-1'), { 'x-forwarded-for': '192.0.2.12' }),
      world.post('/auth/signin', signInForm(anEmail(), WRONG), { 'x-forwarded-for': '192.0.2.11' }),
    ];
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(core.calls(SIGN_IN)).toHaveLength(1 + others.length);
    first.letGo();
    expect((await guesses).map(({ status }) => status)).toEqual(Array.from({ length: ATTEMPTS }, () => 200));
    expect(core.calls(SIGN_IN)).toHaveLength(ATTEMPTS + others.length);
  });

  it('fail for every address alike while the core cannot check one', async () => {
    for (const email of Object.values(emails)) {
      core.loseNextCall(SIGN_IN);
      expect((await world.post('/auth/signin', signInForm(email, WRONG))).status).toBe(503);
    }
  });

  it('are checked against an account that nobody can open, take or be mailed at', async () => {
    const forms: [string, unknown][] = [
      ['/auth/signin', signInForm(DECOY_EMAIL, WRONG)],
      ['/auth/signup', signUpForm(`p_${randomBytes(6).toString('hex')}`, DECOY_EMAIL.toUpperCase())],
      ['/auth/user/password/reset/token', { formFields: [{ id: 'email', value: ` ${DECOY_EMAIL}` }] }],
    ];
    for (const [path, body] of forms)
      expect([path, await (await world.post(path, body)).json()]).toEqual([
        path,
        { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: 'Please enter an e-mail address.' }] },
      ]);
    const code = await world.post('/auth/signinup/code', { email: DECOY_EMAIL });
    expect([code.status, await code.json()]).toEqual([
      200,
      { status: 'GENERAL_ERROR', message: 'Please enter an e-mail address.' },
    ]);
  });
});

const times10 = (text: string): string[] => Array.from({ length: ATTEMPTS }, () => text);
