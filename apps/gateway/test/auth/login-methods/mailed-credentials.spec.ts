import { randomBytes } from 'node:crypto';
import { getUser, listUsersByAccountInfo } from 'supertokens-node';
import { mailRpc } from '@fowergram/contracts-notification';
import { accountRpc, userEvent } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { type Accounts, openAccounts } from '../../support/accounts.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const PASSWORD = 'correct-horse-1';
const NEW_PASSWORD = 'battery-staple-2';
const VOID_CODES = '/signinup/codes/remove';
const REMOVE_USER = '/user/remove';
const RESTART = { status: 'RESTART_FLOW_ERROR' };
const NO_RESET = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
const NO_VERIFICATION = { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };
const anEmail = () => `p_${randomBytes(6).toString('hex')}@example.com`;

interface Code {
  preAuthSessionId: string;
  deviceId: string;
  userInputCode: string;
  linkCode: string;
}

describe('What was mailed to an account', () => {
  let core: CoreProxy;
  let world: World;
  let accounts: Accounts;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    accounts = await openAccounts(world);
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });
  beforeEach(() => world.clearCalls());

  const post = async (path: string, body: object): Promise<unknown> => (await world.post(path, body)).json();
  const mailTo = (email: string, template: string) =>
    world.callsOf(mailRpc.send).findLast(({ input }) => input.to === email && input.content.template === template)!
      .input.content.values as { link: string; code: string };
  const tokenTo = (email: string, template: string) => new URL(mailTo(email, template).link).searchParams.get('token')!;
  const usersWith = async (email: string) => (await listUsersByAccountInfo('public', { email })).length;

  async function askForCode(email: string): Promise<Code> {
    const { preAuthSessionId, deviceId } = (await post('/auth/signinup/code', { email })) as Code;
    const { link, code } = mailTo(email, 'sign-in-code');
    return { preAuthSessionId, deviceId, userInputCode: code, linkCode: new URL(link).hash.slice(1) };
  }
  const enterCode = ({ linkCode: _link, ...code }: Code) => post('/auth/signinup/code/consume', code);
  const followLink = ({ preAuthSessionId, linkCode }: Code) =>
    post('/auth/signinup/code/consume', { preAuthSessionId, linkCode });
  const askForReset = async (email: string): Promise<string> => {
    await post('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] });
    return tokenTo(email, 'reset-password');
  };
  const reset = (token: string) =>
    post('/auth/user/password/reset', {
      method: 'token',
      token,
      formFields: [{ id: 'password', value: NEW_PASSWORD }],
    });
  const verify = (token: string) => post('/auth/user/email/verify', { method: 'token', token });
  const changeEmail = (as: TestUser, newEmail: string) =>
    world.gql(
      'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { outcome } }',
      { input: { newEmail, password: PASSWORD } },
      { as },
    );
  const remove = async (userId: string): Promise<void> => {
    accounts.set(userId, { status: 'DELETED' });
    await world.messaging.publish(userEvent.accountDeleted, { userId });
  };
  const erased = (userId: string) =>
    eventually(() => world.callsOf(accountRpc.erasureDone).some(({ input }) => input.userId === userId));
  /** An account whose owner had asked for a code before they chose a password. */
  async function signUpAfterCode(): Promise<{ ann: TestUser; code: Code }> {
    const username = `p_${randomBytes(6).toString('hex')}`;
    const code = await askForCode(`${username}@example.com`);
    return { ann: await world.signUp(username), code };
  }

  describe('that is deleted', () => {
    it.each([
      ['a code', enterCode],
      ['a link to sign in', followLink],
    ])('signs up nobody: %s', async (_kind, show) => {
      const { ann, code } = await signUpAfterCode();
      await remove(ann.id);
      await erased(ann.id);
      expect(await show(code)).toEqual(RESTART);
      expect(await usersWith(ann.email)).toBe(0);
    });

    it('signs up nobody: a code of somebody who signs in with codes', async () => {
      const email = anEmail();
      const { user } = (await enterCode(await askForCode(email))) as { user: { id: string } };
      const code = await askForCode(email);
      await remove(user.id);
      await erased(user.id);
      expect([await enterCode(code), await followLink(code), await usersWith(email)]).toEqual([RESTART, RESTART, 0]);
    });

    it('sets no password and verifies nothing: links of all kinds', async () => {
      const ann = await world.signUp();
      const wished = anEmail();
      const verification = tokenTo(ann.email, 'verify-email');
      const resetToken = await askForReset(ann.email);
      expect((await changeEmail(ann, wished)).errors).toBeUndefined();
      const change = tokenTo(wished, 'verify-email');
      await remove(ann.id);
      await erased(ann.id);
      expect([await reset(resetToken), await verify(verification), await verify(change)]).toEqual([
        NO_RESET,
        NO_VERIFICATION,
        NO_VERIFICATION,
      ]);
      expect([await usersWith(ann.email), await usersWith(wished)]).toEqual([0, 0]);
    });

    it('is void before the account is gone, so that whoever tries again still knows its addresses', async () => {
      const { ann, code } = await signUpAfterCode();
      core.clearCalls();
      core.loseNextCall(VOID_CODES);
      await remove(ann.id);
      await eventually(() => core.calls(VOID_CODES).length >= 1);
      core.loseNextAnswer(REMOVE_USER);
      await erased(ann.id);
      const order = core.calls().filter((path) => [VOID_CODES, REMOVE_USER].some((end) => path.endsWith(end)));
      expect(order.slice(0, 3).map((path) => (path.endsWith(VOID_CODES) ? 'codes' : 'user'))).toEqual([
        'codes',
        'codes',
        'user',
      ]);
      expect([await enterCode(code), await usersWith(ann.email)]).toEqual([RESTART, 0]);
    });

    it('is void, too, when it was asked for while the account was being deleted', async () => {
      const email = anEmail();
      const { user } = (await enterCode(await askForCode(email))) as { user: { id: string } };
      const removal = core.holdNextCall(REMOVE_USER);
      await remove(user.id);
      await removal.arrived;
      const code = await askForCode(email);
      removal.letGo();
      await erased(user.id);
      expect([await enterCode(code), await usersWith(email)]).toEqual([RESTART, 0]);
    });
  });

  it('for a new password is void when the password was changed otherwise', async () => {
    const ann = await world.signUp();
    const token = await askForReset(ann.email);
    const { errors } = await world.gql(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { account { id } } }',
      { input: { currentPassword: PASSWORD, newPassword: 'new-password-3' } },
      { as: ann },
    );
    expect(errors).toBeUndefined();
    expect(await reset(token)).toEqual(NO_RESET);
    const { formFields } = signUpForm('', ann.email, 'new-password-3');
    expect(await post('/auth/signin', { formFields: formFields.slice(0, 2) })).toMatchObject({ status: 'OK' });
  });

  it('is void at an address that the account has given up', async () => {
    const { ann, code } = await signUpAfterCode();
    const token = await askForReset(ann.email);
    const email = anEmail();
    await changeEmail(ann, email);
    expect(await verify(tokenTo(email, 'verify-email'))).toEqual({ status: 'OK' });
    expect((await getUser(ann.id))?.emails).toEqual([email]);
    expect([await reset(token), await enterCode(code), await followLink(code)]).toEqual([NO_RESET, RESTART, RESTART]);
    expect(await usersWith(ann.email)).toBe(0);
  });

  it('opens nothing while the account is suspended, and works again afterwards', async () => {
    const email = anEmail();
    const { user } = (await enterCode(await askForCode(email))) as { user: { id: string } };
    const [first, second] = [await askForCode(email), await askForCode(email)];
    accounts.set(user.id, { status: 'SUSPENDED' });
    expect(await enterCode(first)).toMatchObject({ code: 'FORBIDDEN', reason: 'ACCOUNT_SUSPENDED' });
    accounts.set(user.id, { status: 'ACTIVE' });
    expect(await enterCode(second)).toMatchObject({ status: 'RESTART_FLOW_ERROR' });
    expect(await enterCode(await askForCode(email))).toMatchObject({ status: 'OK' });
  });
});
