import { randomBytes } from 'node:crypto';
import { testVariable } from '@fowergram/testing';
import { openAccounts } from '../../support/accounts.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const COMPOSED = 'caf\u00e9-fish-1';
const DECOMPOSED = 'cafe\u0301-fish-1';
const LIGATURE = 'cafe\u0301-\ufb01sh-1';
const FULL_WIDTH = '\uff43\uff41\uff46\u00e9-fish-1';

describe('A password', () => {
  let core: CoreProxy;
  let world: World;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    await openAccounts(world);
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });

  const anEmail = (): string => `${randomBytes(8).toString('hex')}@example.com`;
  async function signUp(password: string): Promise<string> {
    const email = anEmail();
    const response = await world.post('/auth/signup', signUpForm(`p_${email.slice(0, 12)}`, email, password));
    expect(await response.json()).toMatchObject({ status: 'OK' });
    return email;
  }
  /** An account from before passwords were normalised: its hash is of what was typed. */
  async function signUpInCore(password: string): Promise<string> {
    const email = anEmail();
    const response = await fetch(`${core.url}/public/recipe/signup`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'api-key': testVariable('TEST_SUPERTOKENS_API_KEY'),
        rid: 'emailpassword',
        'cdi-version': '5.4',
      },
      body: JSON.stringify({ email, password }),
    });
    expect(await response.json()).toMatchObject({ status: 'OK' });
    return email;
  }
  const signIn = (email: string, password: string): Promise<Response> =>
    world.post('/auth/signin', { formFields: signUpForm('', email, password).formFields.slice(0, 2) });
  const statusOf = async (email: string, password: string): Promise<string> =>
    ((await (await signIn(email, password)).json()) as { status: string }).status;
  /** How often the core was asked about a password. */
  async function questionsAbout(email: string, password: string): Promise<number> {
    core.clearCalls();
    await statusOf(email, password);
    return core.calls('/recipe/signin').length;
  }

  it.each([COMPOSED, DECOMPOSED, LIGATURE, FULL_WIDTH])(
    'that was chosen as %j opens the account in whatever way a keyboard composes it',
    async (chosen) => {
      const email = await signUp(chosen);
      for (const typed of [COMPOSED, DECOMPOSED, LIGATURE, FULL_WIDTH])
        expect([typed, await statusOf(email, typed)]).toEqual([typed, 'OK']);
      expect(await statusOf(email, 'cafe-fish-1')).toBe('WRONG_CREDENTIALS_ERROR');
    },
  );

  it('that is changed is one in whatever way both are composed', async () => {
    const email = await signUp(COMPOSED);
    const token = (await signIn(email, DECOMPOSED)).headers.get('st-access-token')!;
    const input = { currentPassword: FULL_WIDTH, newPassword: LIGATURE.replace('1', '2') };
    const { errors } = await world.gql(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { account { id } } }',
      { input },
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(errors).toBeUndefined();
    expect([await statusOf(email, COMPOSED.replace('1', '2')), await statusOf(email, COMPOSED)]).toEqual([
      'OK',
      'WRONG_CREDENTIALS_ERROR',
    ]);
  });

  it('that was hashed as it was typed, before passwords were normalised, still opens its account', async () => {
    const email = await signUpInCore(DECOMPOSED);
    expect([await statusOf(email, DECOMPOSED), await statusOf(email, 'cafe-fish-1')]).toEqual([
      'OK',
      'WRONG_CREDENTIALS_ERROR',
    ]);
  });

  it('is asked about a second time only where it was typed in another form than its normal one', async () => {
    const email = await signUp(COMPOSED);
    expect([await questionsAbout(email, 'wrong-fish-1'), await questionsAbout(email, 'wro\u0301ng-fish-1')]).toEqual([
      1, 2,
    ]);
  });
});
