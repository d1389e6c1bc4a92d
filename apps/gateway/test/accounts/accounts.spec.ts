import { randomBytes } from 'node:crypto';
import { notFound } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import {
  type Account,
  accountRpc,
  type Erasure,
  serviceAccountRpc,
  type SignIn,
  signInRpc,
} from '@fowergram/contracts-user';
import { webhookRpc } from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import { claimsOf } from '../support/accounts.js';
import { anAccountState } from '../support/models.js';
import { openWorld, type TestUser, signUpForm, type World } from '../support/world.js';

const PASSWORD = 'correct-horse-1';
const NEW_PASSWORD = 'another-horse-2';
const CHANGE_PASSWORD =
  'mutation ($currentPassword: String!, $newPassword: String!) { changePassword(input: { currentPassword: $currentPassword, newPassword: $newPassword }) { account { sessions { isCurrent } } } }';
const CHANGE_EMAIL =
  'mutation ($newEmail: String!, $password: String) { changeEmail(input: { newEmail: $newEmail, password: $password }) { outcome account { email } } }';
const ME = '{ me { id } }';

describe('a signed-in user', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
    const lines: SignIn[] = [];
    await world.answer(signInRpc.record, ({ userId, client, method, outcome, sessionHandle }) => {
      const now = new Date(Date.now() + lines.length).toISOString();
      lines.push({
        id: newId(),
        userId,
        ...client,
        device: 'Firefox on Linux',
        method,
        outcome,
        sessionHandle,
        createdAt: now,
        lastUsedAt: now,
      });
      return { isNewDevice: false, device: 'Firefox on Linux' };
    });
    await world.answer(signInRpc.bySessions, ({ userId, sessionHandles }) =>
      lines.filter(
        (line) => line.userId === userId && line.sessionHandle !== null && sessionHandles.includes(line.sessionHandle),
      ),
    );
    await world.answer(signInRpc.list, ({ userId }) => ({
      edges: lines.filter((line) => line.userId === userId).map((node) => ({ cursor: node.id, node })),
      hasNextPage: false,
    }));
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  async function signIn(
    { email }: TestUser,
    password = PASSWORD,
  ): Promise<{ status: string; token: string; refreshToken: string }> {
    const response = await world.post(
      '/auth/signin',
      { formFields: signUpForm('', email, password).formFields.slice(0, 2) },
      { 'st-auth-mode': 'header' },
    );
    const { status } = (await response.json()) as { status: string };
    return {
      status,
      token: response.headers.get('st-access-token') ?? '',
      refreshToken: response.headers.get('st-refresh-token') ?? '',
    };
  }
  const elsewhere = async (user: TestUser): Promise<TestUser> => ({ ...user, ...(await signIn(user)) });
  const isIn = async (user: TestUser) =>
    (await world.post('/graphql', { query: ME }, { authorization: `Bearer ${user.token}` })).status === 200;
  const mails = () => world.callsOf(mailRpc.send).map(({ input }) => [input.to, input.content.template]);

  describe('looking at the account', () => {
    it('sees it as nobody else does', async () => {
      const ann = await world.signUp();
      const { data } = await world.gql(
        '{ myAccount { email emailVerified hasPassword signInMethods secondFactor role } }',
        {},
        { as: ann },
      );
      expect(data.myAccount).toEqual({
        email: ann.email,
        emailVerified: false,
        hasPassword: true,
        signInMethods: ['PASSWORD'],
        secondFactor: 'OFF',
        role: 'USER',
      });
    });

    it('sees where they are signed in, and where they have been', async () => {
      const ann = await world.signUp();
      const phone = await elsewhere(ann);
      const { data } = await world.gql(
        '{ mySessions { id isCurrent device ipAddress signedInAt lastUsedAt } signInHistory { edges { node { outcome method device } } } }',
        {},
        { as: phone },
      );
      expect(data.mySessions.map((session: { isCurrent: boolean }) => session.isCurrent)).toEqual([true, false]);
      expect(data.mySessions[0]).toMatchObject({
        device: 'Firefox on Linux',
        ipAddress: expect.stringMatching(/^10\./),
      });
      expect(
        data.signInHistory.edges.map((edge: { node: { outcome: string; method: string } }) => [
          edge.node.outcome,
          edge.node.method,
        ]),
      ).toEqual([
        ['SIGNED_UP', 'PASSWORD'],
        ['SIGNED_IN', 'PASSWORD'],
      ]);
    });

    it('sees also a session that the history does not know', async () => {
      const ann = await world.signUp();
      const { sessionHandle } = claimsOf((await elsewhere(ann)).token);
      const before = world.handlerOf(signInRpc.bySessions);
      await world.answer(signInRpc.bySessions, async (input, envelope) =>
        (await before(input, envelope)).filter((line) => line.sessionHandle !== sessionHandle),
      );
      const { data } = await world.gql('{ mySessions { id device ipAddress signedInAt } }', {}, { as: ann });
      await world.answer(signInRpc.bySessions, before);
      expect(data.mySessions).toHaveLength(2);
      expect(data.mySessions).toContainEqual({
        id: sessionHandle,
        device: 'Unknown device',
        ipAddress: '',
        signedInAt: expect.any(String),
      });
    });

    it('sees nothing without a session', async () => {
      for (const query of [
        '{ myAccount { email } }',
        '{ mySessions { id } }',
        '{ signInHistory { edges { cursor } } }',
        'mutation { revokeOtherSessions { sessionIds } }',
      ]) {
        expect((await world.gql(query)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
      }
    });
  });

  describe('ending sessions', () => {
    it('ends one of them at once', async () => {
      const ann = await world.signUp();
      const phone = await elsewhere(ann);
      const { data } = await world.gql('{ mySessions { id isCurrent } }', {}, { as: ann });
      const other = data.mySessions.find((session: { isCurrent: boolean }) => !session.isCurrent);
      expect(
        (await world.gql('mutation ($id: ID!) { revokeSession(id: $id) { sessionId } }', { id: other.id }, { as: ann }))
          .data,
      ).toEqual({ revokeSession: { sessionId: other.id } });
      expect([await isIn(ann), await isIn(phone)]).toEqual([true, false]);
    });

    it('ends all others, and keeps this one', async () => {
      const ann = await world.signUp();
      const others = [await elsewhere(ann), await elsewhere(ann)];
      expect(
        (await world.gql('mutation { revokeOtherSessions { sessionIds } }', {}, { as: ann })).data.revokeOtherSessions
          .sessionIds,
      ).toHaveLength(2);
      expect([await isIn(ann), await isIn(others[0]!), await isIn(others[1]!)]).toEqual([true, false, false]);
    });

    it('ends no session of anybody else', async () => {
      const [ann, bo] = [await world.signUp(), await world.signUp()];
      const { data } = await world.gql('{ mySessions { id } }', {}, { as: bo });
      await world.gql(
        'mutation ($id: ID!) { revokeSession(id: $id) { sessionId } }',
        { id: data.mySessions[0].id },
        { as: ann },
      );
      expect(await isIn(bo)).toBe(true);
    });
  });

  describe('changing the password', () => {
    it('changes it by the old one; all other sessions end, and a mail says so', async () => {
      const ann = await world.signUp();
      const phone = await elsewhere(ann);
      world.clearCalls();
      expect(
        (await world.gql(CHANGE_PASSWORD, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, { as: ann })).data
          .changePassword,
      ).toEqual({ account: { sessions: [{ isCurrent: true }] } });
      expect([await isIn(ann), await isIn(phone)]).toEqual([true, false]);
      expect([(await signIn(ann)).status, (await signIn(ann, NEW_PASSWORD)).status]).toEqual([
        'WRONG_CREDENTIALS_ERROR',
        'OK',
      ]);
      expect(mails()).toContainEqual([ann.email, 'password-changed']);
    });

    it.each([
      ['the old one is wrong', 'wrong-horse-1', NEW_PASSWORD, 'currentPassword'],
      ['the new one is too weak', PASSWORD, 'short', 'newPassword'],
    ])('does not change it when %s', async (_name, currentPassword, newPassword, field) => {
      const ann = await world.signUp();
      const { errors } = await world.gql(CHANGE_PASSWORD, { currentPassword, newPassword }, { as: ann });
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', field] });
      expect((await signIn(ann)).status).toBe('OK');
    });

    it('does not change it by trying: after ten wrong ones the right one is refused too', async () => {
      const ann = await world.signUp();
      for (let attempt = 0; attempt < 10; attempt++)
        await world.gql(
          CHANGE_PASSWORD,
          { currentPassword: `wrong-horse-${attempt}`, newPassword: NEW_PASSWORD },
          { as: ann },
        );
      const { errors } = await world.gql(
        CHANGE_PASSWORD,
        { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
        { as: ann },
      );
      expect(errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    });
  });

  describe('changing the e-mail address', () => {
    const unique = () => `new_${randomBytes(6).toString('hex')}@example.com`;

    it('changes it by following the link in the mail to the new one, and the old one is notified', async () => {
      const ann = await world.signUp();
      world.clearCalls();
      const newEmail = unique();
      expect(
        (await world.gql(CHANGE_EMAIL, { newEmail: ` ${newEmail.toUpperCase()}`, password: PASSWORD }, { as: ann }))
          .data.changeEmail,
      ).toEqual({ outcome: 'VERIFICATION_SENT', account: { email: ann.email } });
      expect((await signIn({ ...ann, email: newEmail })).status).toBe('WRONG_CREDENTIALS_ERROR');
      const mail = world.callsOf(mailRpc.send).find(({ input }) => input.to === newEmail)!;
      const link = new URL((mail.input.content as { values: { link: string } }).values.link);
      const verified = await world.post('/auth/user/email/verify', {
        method: 'token',
        token: link.searchParams.get('token'),
      });
      expect(await verified.json()).toMatchObject({ status: 'OK' });
      expect([(await signIn({ ...ann, email: newEmail })).status, (await signIn(ann)).status]).toEqual([
        'OK',
        'WRONG_CREDENTIALS_ERROR',
      ]);
      expect(mails()).toContainEqual([ann.email, 'email-changed']);
    });

    it('does not change it when the password has changed meanwhile: whoever wished it knew the former one', async () => {
      const ann = await world.signUp();
      const newEmail = unique();
      await world.gql(CHANGE_EMAIL, { newEmail, password: PASSWORD }, { as: ann });
      const mail = world.callsOf(mailRpc.send).find(({ input }) => input.to === newEmail)!;
      await world.gql(CHANGE_PASSWORD, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, { as: ann });
      const link = new URL((mail.input.content as { values: { link: string } }).values.link);
      await world.post('/auth/user/email/verify', { method: 'token', token: link.searchParams.get('token') });
      expect([
        (await signIn(ann, NEW_PASSWORD)).status,
        (await signIn({ ...ann, email: newEmail }, NEW_PASSWORD)).status,
      ]).toEqual(['OK', 'WRONG_CREDENTIALS_ERROR']);
    });

    it.each([
      ['without the password', () => ({ newEmail: unique() }), 'BAD_USER_INPUT', ['input', 'password']],
      [
        'to what is no address',
        () => ({ newEmail: 'nobody', password: PASSWORD }),
        'BAD_USER_INPUT',
        ['input', 'newEmail'],
      ],
    ])('does not change it %s', async (_name, variables, code, path) => {
      const ann = await world.signUp();
      expect((await world.gql(CHANGE_EMAIL, variables(), { as: ann })).errors![0]!.extensions).toMatchObject({
        code,
        path,
      });
    });

    it('does not change it to that of somebody else', async () => {
      const [ann, bo] = [await world.signUp(), await world.signUp()];
      const { errors } = await world.gql(CHANGE_EMAIL, { newEmail: bo.email, password: PASSWORD }, { as: ann });
      expect(errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', reason: 'EMAIL_TAKEN' });
    });
  });

  describe('leaving the app', () => {
    const erasure = (): Erasure => ({
      id: newId(),
      requestedAt: '2026-11-21T09:30:00.000Z',
      completedAt: null,
      parts: [{ part: 'auth', doneAt: null }],
    });

    it('leaves for a while: every session ends, and a mail says how to come back', async () => {
      const ann = await world.signUp();
      const phone = await elsewhere(ann);
      await world.answer(accountRpc.deactivate, ({ userId }) => anAccountState({ userId, status: 'DEACTIVATED' }));
      world.clearCalls();
      await world.gql('mutation { deactivateAccount(input: { password: "correct-horse-1" }) }', {}, { as: ann });
      expect(world.callsOf(accountRpc.deactivate).map(({ input }) => input.userId)).toEqual([ann.id]);
      expect([await isIn(ann), await isIn(phone)]).toEqual([false, false]);
      expect(mails()).toContainEqual([ann.email, 'account-deactivated']);
    });

    it('leaves for good, with a receipt that anybody who has it may ask for', async () => {
      const ann = await world.signUp();
      const made = erasure();
      await world.answer(accountRpc.delete, () => made);
      await world.answer(accountRpc.erasure, ({ id }) =>
        id === made.id ? { ...made, completedAt: made.requestedAt } : null,
      );
      world.clearCalls();
      const { data } = await world.gql(
        'mutation { deleteAccount(input: { password: "correct-horse-1" }) { receipt completedAt parts { part doneAt } } }',
        {},
        { as: ann },
      );
      expect(data.deleteAccount).toEqual({
        receipt: made.id,
        completedAt: null,
        parts: [{ part: 'AUTH', doneAt: null }],
      });
      expect(await isIn(ann)).toBe(false);
      expect(mails()).toContainEqual([ann.email, 'account-deleted']);
      const asked = (receipt: string) =>
        world.gql('query ($receipt: ID!) { accountErasure(receipt: $receipt) { completedAt } }', { receipt });
      expect((await asked(made.id)).data.accountErasure).toEqual({ completedAt: made.requestedAt });
      expect(await asked(newId())).toMatchObject({ data: { accountErasure: null } });
      expect((await asked(newId())).errors).toBeUndefined();
      expect((await asked('1 or 1=1')).errors![0]!.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        path: ['receipt'],
      });
    });

    it('does not leave without the password, and nothing has happened then', async () => {
      const ann = await world.signUp();
      world.clearCalls();
      for (const mutation of [
        'deactivateAccount(input: {})',
        'deactivateAccount(input: { password: "wrong-horse-1" })',
        'deleteAccount(input: { password: "" }) { receipt }',
      ]) {
        const { errors } = await world.gql(`mutation { ${mutation} }`, {}, { as: ann });
        expect(errors![0]!.extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          path: ['input', 'password'],
          reason: 'WRONG_PASSWORD',
        });
      }
      expect(world.callsOf(accountRpc.deactivate)).toHaveLength(0);
      expect(await isIn(ann)).toBe(true);
    });
  });

  describe('moderating others', () => {
    const account = (userId: string): Account => ({
      userId,
      role: 'USER',
      status: 'BANNED',
      suspendedUntil: null,
      version: 1,
      username: 'bo',
      reason: 'spam',
      changedAt: null,
    });
    const withRole = async (role: 'MODERATOR' | 'ADMIN'): Promise<TestUser> => {
      const user = await world.signUp();
      const before = world.handlerOf(accountRpc.state);
      await world.answer(accountRpc.state, ({ userId }) => anAccountState({ userId, role }));
      const signedIn = await elsewhere(user);
      await world.answer(accountRpc.state, before);
      return signedIn;
    };
    const OPERATIONS = {
      account: 'query ($userId: ID!) { account(userId: $userId) { userId status reason } }',
      suspend:
        'mutation ($userId: ID!) { suspendUser(input: { userId: $userId, until: "2027-01-01T00:00:00.000Z", reason: "spam" }) { status } }',
      ban: 'mutation ($userId: ID!) { banUser(input: { userId: $userId, reason: "spam" }) { status } }',
      reinstate: 'mutation ($userId: ID!) { reinstateUser(input: { userId: $userId, reason: "fine" }) { status } }',
      setVerified:
        'mutation ($userId: ID!) { setVerified(input: { userId: $userId, isVerified: true, reason: "seen" }) { id } }',
      setRole:
        'mutation ($userId: ID!) { setUserRole(input: { userId: $userId, role: MODERATOR, reason: "trusted" }) { role } }',
      serviceAccounts: '{ serviceAccounts { id keys { id } } }',
      createServiceAccount:
        'mutation { createServiceAccount(input: { name: "Shop", scopes: [USERS_READ], reason: "new" }) { key } }',
      createServiceKey:
        'mutation ($accountId: ID!) { createServiceKey(input: { accountId: $accountId, reason: "new" }) { key } }',
      revokeServiceKey:
        'mutation ($keyId: ID!) { revokeServiceKey(input: { keyId: $keyId, reason: "leaked" }) { id } }',
      closeServiceAccount:
        'mutation ($accountId: ID!) { closeServiceAccount(input: { accountId: $accountId, reason: "over" }) { id } }',
      webhooks: 'query ($accountId: ID!) { webhooks(accountId: $accountId) { id } }',
      webhook: 'query ($webhookId: ID!) { webhook(id: $webhookId) { id accountId } }',
      createWebhook:
        'mutation ($accountId: ID!) { createWebhook(input: { accountId: $accountId, url: "https://a.example.com/", events: [LIKED], reason: "new" }) { secret } }',
      updateWebhook:
        'mutation ($webhookId: ID!) { updateWebhook(input: { webhookId: $webhookId, events: [LIKED], reason: "less" }) { id } }',
      rotateWebhookSecret:
        'mutation ($webhookId: ID!) { rotateWebhookSecret(input: { webhookId: $webhookId, reason: "leaked" }) { secret } }',
      stopWebhook:
        'mutation ($webhookId: ID!) { stopWebhook(input: { webhookId: $webhookId, reason: "over" }) { id } }',
      startWebhook:
        'mutation ($webhookId: ID!) { startWebhook(input: { webhookId: $webhookId, reason: "mended" }) { id } }',
      replayWebhook:
        'mutation ($webhookId: ID!) { replayWebhook(input: { webhookId: $webhookId, since: "2026-11-29T09:30:00.000Z", reason: "lost" }) { count } }',
      deleteWebhook:
        'mutation ($webhookId: ID!) { deleteWebhook(input: { webhookId: $webhookId, reason: "over" }) { id } }',
    };

    const id = newId();
    const OF_SERVICES = [
      'serviceAccounts',
      'createServiceAccount',
      'createServiceKey',
      'revokeServiceKey',
      'closeServiceAccount',
      'webhooks',
      'webhook',
      'createWebhook',
      'updateWebhook',
      'rotateWebhookSecret',
      'stopWebhook',
      'startWebhook',
      'replayWebhook',
      'deleteWebhook',
    ];

    beforeAll(async () => {
      for (const contract of [
        accountRpc.account,
        accountRpc.suspend,
        accountRpc.ban,
        accountRpc.reinstate,
        accountRpc.setVerified,
        accountRpc.setRole,
      ])
        await world.answer(contract, ({ userId }: { userId: string }) => account(userId));
      const shop = {
        id,
        name: 'Shop',
        scopes: ['webhooks:manage' as const],
        createdAt: '2026-11-29T09:30:00.000Z',
        keys: [],
      };
      await world.answer(serviceAccountRpc.list, () => [shop]);
      await world.answer(serviceAccountRpc.create, () => ({ account: shop, key: null }));
      await world.answer(serviceAccountRpc.createKey, () => ({ account: shop, key: null }));
      await world.answer(serviceAccountRpc.revokeKey, () => shop);
      await world.answer(serviceAccountRpc.close, () => shop);
      const webhook = {
        id: newId(),
        accountId: shop.id,
        url: 'https://a.example.com/',
        events: ['liked' as const],
        state: 'ACTIVE' as const,
        stopReason: null,
        failingSince: null,
        createdAt: shop.createdAt,
      };
      await world.answer(webhookRpc.list, () => [webhook]);
      await world.answer(webhookRpc.byId, () => webhook);
      for (const contract of [webhookRpc.create, webhookRpc.rotateSecret])
        await world.answer(contract, () => ({ webhook, secret: null }));
      for (const contract of [webhookRpc.update, webhookRpc.stop, webhookRpc.start, webhookRpc.remove])
        await world.answer(contract as typeof webhookRpc.stop, () => webhook);
      await world.answer(webhookRpc.replay, () => ({ webhook, count: 1 }));
    });

    it.each([
      ['USER', []],
      ['MODERATOR', ['account', 'suspend', 'ban', 'reinstate']],
      ['ADMIN', ['account', 'suspend', 'ban', 'reinstate', 'setVerified', 'setRole', ...OF_SERVICES]],
    ])('may do as %s exactly this: %j', async (role, allowed) => {
      const user = role === 'USER' ? await world.signUp() : await withRole(role as 'ADMIN');
      const given = {
        userId: `user_${id}`,
        accountId: `service-account_${id}`,
        keyId: `service-key_${id}`,
        webhookId: `webhook_${id}`,
      };
      const done: string[] = [];
      for (const [name, query] of Object.entries(OPERATIONS)) {
        const { errors } = await world.gql(query, given, { as: user });
        if (!errors) done.push(name);
        else expect(errors[0]!.extensions.code).toBe('FORBIDDEN');
      }
      expect(done).toEqual(allowed);
    });

    it('acts on their own behalf, whatever they send', async () => {
      const mod = await withRole('MODERATOR');
      const userId = newId();
      world.clearCalls();
      const { data } = await world.gql(OPERATIONS.account, { userId: `user_${userId}` }, { as: mod });
      expect(data.account).toEqual({ userId: `user_${userId}`, status: 'BANNED', reason: 'spam' });
      await world.gql(OPERATIONS.ban, { userId: `user_${userId}` }, { as: mod });
      expect(world.callsOf(accountRpc.ban).map(({ input }) => input)).toEqual([
        { userId, moderatorId: mod.id, reason: 'spam' },
      ]);
    });

    it('gets the error of the user service', async () => {
      const mod = await withRole('MODERATOR');
      const before = world.handlerOf(accountRpc.ban);
      await world.answer(accountRpc.ban, () => {
        throw notFound('user', ['userId']);
      });
      const { errors } = await world.gql(OPERATIONS.ban, { userId: `user_${newId()}` }, { as: mod });
      await world.answer(accountRpc.ban, before);
      expect(errors![0]!.extensions).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'userId'] });
    });

    it('finds no account where there is none, without an error', async () => {
      const mod = await withRole('MODERATOR');
      const before = world.handlerOf(accountRpc.account);
      await world.answer(accountRpc.account, () => {
        throw notFound('user', ['userId']);
      });
      const { data, errors } = await world.gql(OPERATIONS.account, { userId: `user_${newId()}` }, { as: mod });
      await world.answer(accountRpc.account, before);
      expect([data, errors]).toEqual([{ account: null }, undefined]);
    });
  });
});
