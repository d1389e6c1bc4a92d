import { randomInt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import type { CoreClient } from './core-client.js';
import { insideOnly, licensed } from './outside.js';
import { World } from './world.js';

let world: World;
let second: CoreClient;
beforeAll(async () => {
  world = await World.create({ features: ['account_linking'] });
  second = await world.another({ features: ['account_linking'] });
});
afterAll(async () => {
  await second.close();
  await world.drop();
});

const newEmail = () => world.email('linker');
const at = (path: string) => `/recipe/accountlinking/user${path}`;
const makePrimary = (recipeUserId: string) => world.post(at('/primary'), { recipeUserId });
const link = (recipeUserId: string, primaryUserId: string) => world.post(at('/link'), { recipeUserId, primaryUserId });
const unlink = (recipeUserId: string) => world.post(at('/unlink'), { recipeUserId });
const userOf = async (userId: string) => (await world.get('/user/id', { userId })).user;
const handlesOf = async (userId: string) =>
  (await world.get('/public/recipe/session/user', { userId, fetchSessionsForAllLinkedAccounts: 'false' }))
    .sessionHandles as string[];

async function newPrimary(email = newEmail()) {
  const userId = await world.signInWith(email);
  expect((await makePrimary(userId)).status).toBe('OK');
  return userId;
}

async function holdUsers() {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from users for update');
  return async () => {
    await client.query('commit');
    await client.end();
  };
}

async function waitForBlocked(count: number): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await client.query(waiting)).rows.length < count) await setImmediate();
  await client.end();
}

/** A primary account with a second login method. */
async function newPair() {
  const [first, other] = [await newPrimary(), await world.signInWith(newEmail())];
  expect((await link(other, first)).status).toBe('OK');
  return { first, other };
}

describe('a primary account', () => {
  licensed('is made of a login method, once, and asking changes nothing', async () => {
    const recipeUserId = await world.signInWith(newEmail());
    const check = () => world.get(at('/primary/check'), { recipeUserId });
    expect(await check()).toEqual({ status: 'OK', wasAlreadyAPrimaryUser: false });
    const before = await userOf(recipeUserId);
    const user = { ...before, isPrimaryUser: true };
    expect(before.isPrimaryUser).toBe(false);
    expect(await makePrimary(recipeUserId)).toEqual({ status: 'OK', wasAlreadyAPrimaryUser: false, user });
    expect(await makePrimary(recipeUserId)).toEqual({ status: 'OK', wasAlreadyAPrimaryUser: true, user });
    expect(await check()).toEqual({ status: 'OK', wasAlreadyAPrimaryUser: true });
    expect(await userOf(recipeUserId)).toEqual(user);
  });

  licensed('shares its e-mail with no other', async () => {
    const email = newEmail();
    const [first, rival] = [await newPrimary(email), await world.signInWith(email)];
    const failure = {
      status: 'ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR',
      primaryUserId: first,
      description: "This user's email is already associated with another user ID",
    };
    expect(await world.get(at('/primary/check'), { recipeUserId: rival })).toEqual(failure);
    expect(await makePrimary(rival)).toEqual(failure);
    const third = await newPrimary();
    expect(await world.get(at('/link/check'), { recipeUserId: rival, primaryUserId: third })).toEqual(failure);
    expect(await link(rival, third)).toEqual(failure);
  });

  insideOnly.database('is one of two that ask for the same e-mail at the same moment', async () => {
    const email = newEmail();
    const requests = [];
    for (let count = 0; count < 3; count++) requests.push({ recipeUserId: await world.signInWith(email) });
    // Their rows are held until all of them have got as far as they can.
    const release = await holdUsers();
    const racing = world.race(second, at('/primary'), requests);
    await waitForBlocked(requests.length);
    await release();
    expect((await racing).filter((answer) => answer.status === 'OK')).toHaveLength(1);
  });

  licensed('is not one of nobody', async () => {
    const known = await newPrimary();
    const texts = await Promise.all([
      world.failure('GET', at('/primary/check'), { recipeUserId: 'nobody' }),
      world.failure('POST', at('/primary'), { recipeUserId: 'nobody' }),
      world.failure('GET', at('/link/check'), { recipeUserId: known, primaryUserId: 'nobody' }),
      world.failure('POST', at('/link'), { recipeUserId: 'nobody', primaryUserId: known }),
      world.failure('POST', at('/unlink'), { recipeUserId: 'nobody' }),
    ]);
    expect(texts).toEqual(Array.from({ length: 5 }, () => [400, 'Unknown user ID provided']));
  });
});

describe('linking', () => {
  insideOnly.clock('joins login methods in one account, which keeps the id and the age of the oldest', async () => {
    const email = newEmail();
    const other = await world.signInWith(newEmail());
    world.later(1000);
    const first = await newPrimary(email);
    const query = { recipeUserId: other, primaryUserId: first };
    expect(await world.get(at('/link/check'), query)).toEqual({ status: 'OK', accountsAlreadyLinked: false });
    const { user, ...rest } = await link(other, first);
    expect(rest).toEqual({ status: 'OK', accountsAlreadyLinked: false });
    expect(user).toMatchObject({ id: first, isPrimaryUser: true });
    expect(user.loginMethods.map((method: { recipeUserId: string }) => method.recipeUserId)).toEqual([other, first]);
    expect(user.timeJoined).toBe(user.loginMethods[0].timeJoined);
    expect(user.emails).toHaveLength(2);
    expect(await userOf(other)).toEqual(user);
    expect(await link(other, first)).toEqual({ status: 'OK', accountsAlreadyLinked: true, user });
    expect(await world.get(at('/link/check'), query)).toEqual({ status: 'OK', accountsAlreadyLinked: true });
    const both = {
      email,
      thirdPartyId: 'google',
      thirdPartyUserId: user.thirdParty[0].userId,
      doUnionOfAccountInfo: 'false',
    };
    expect((await world.get('/public/users/by-accountinfo', both)).users).toEqual([user]);
  });

  licensed('names an e-mail once that two of its login methods have', async () => {
    const email = newEmail();
    const [first, { userId: other }] = [await newPrimary(email), await world.signUp(email)];
    expect((await link(other, first)).user).toMatchObject({ emails: [email], loginMethods: [{ email }, { email }] });
  });

  licensed('needs an account that is primary and a login method that is free', async () => {
    const { first, other } = await newPair();
    const [loose, third] = [await world.signInWith(newEmail()), await newPrimary()];
    expect(await link(third, loose)).toEqual({ status: 'INPUT_USER_IS_NOT_A_PRIMARY_USER' });
    expect(await world.get(at('/link/check'), { recipeUserId: third, primaryUserId: loose })).toEqual({
      status: 'INPUT_USER_IS_NOT_A_PRIMARY_USER',
    });
    const failure = {
      status: 'RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR',
      primaryUserId: first,
      description: 'The input recipe user ID is already linked to another user ID',
    };
    expect(await world.get(at('/link/check'), { recipeUserId: other, primaryUserId: third })).toEqual(failure);
    expect(await link(other, third)).toEqual({ ...failure, user: await userOf(first) });
    const linked = {
      status: 'RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR',
      primaryUserId: first,
      description: 'This user ID is already linked to another user ID',
    };
    expect(await makePrimary(other)).toEqual(linked);
    expect(await world.get(at('/primary/check'), { recipeUserId: other })).toEqual(linked);
  });

  licensed('ends the sessions of the login method whose id changes, and of no other', async () => {
    const [first, other] = [await newPrimary(), await world.signInWith(newEmail())];
    await world.newSession({ userId: first });
    await world.newSession({ userId: other });
    await link(other, first);
    expect([(await handlesOf(first)).length, await handlesOf(other)]).toEqual([1, []]);
    const { session } = await world.newSession({ userId: other });
    expect(session).toMatchObject({ userId: first, recipeUserId: other });
    // Linked already: nothing changed, so nobody is signed out.
    await link(other, first);
    expect(await handlesOf(other)).toHaveLength(1);
    const all = await world.get('/public/recipe/session/user', { userId: first });
    expect(all.sessionHandles).toHaveLength(2);
  });
});

describe('unlinking', () => {
  licensed('sets a login method free and ends its sessions', async () => {
    const { first, other } = await newPair();
    await world.newSession({ userId: other });
    expect(await unlink(other)).toEqual({ status: 'OK', wasRecipeUserDeleted: false, wasLinked: true });
    expect(await userOf(other)).toMatchObject({ id: other, isPrimaryUser: false });
    expect((await userOf(first)).loginMethods).toHaveLength(1);
    expect(await handlesOf(other)).toEqual([]);
    expect(await unlink(other)).toEqual({ status: 'OK', wasRecipeUserDeleted: false, wasLinked: false });
  });

  licensed('makes an account with one login method an ordinary one', async () => {
    const first = await newPrimary();
    expect(await unlink(first)).toEqual({ status: 'OK', wasRecipeUserDeleted: false, wasLinked: true });
    expect(await userOf(first)).toMatchObject({ id: first, isPrimaryUser: false });
  });

  licensed('ends the login method that gave the account its id, while the account goes on', async () => {
    const { first, other } = await newPair();
    await world.put('/recipe/user/metadata', { userId: first, metadataUpdate: { theme: 'dark' } });
    expect(await unlink(first)).toEqual({ status: 'OK', wasRecipeUserDeleted: true, wasLinked: true });
    const user = await userOf(first);
    expect([user.id, user.loginMethods.map((method: { recipeUserId: string }) => method.recipeUserId)]).toEqual([
      first,
      [other],
    ]);
    expect((await world.get('/recipe/user/metadata', { userId: first })).metadata).toEqual({ theme: 'dark' });
    expect(await unlink(other)).toMatchObject({ wasLinked: true });
    expect(await userOf(first)).toBeUndefined();
    expect(await userOf(other)).toMatchObject({ id: other, isPrimaryUser: false });
  });
});

describe('parting again', () => {
  licensed('from a login method that is gone is done, and changes nothing (row 38)', async () => {
    const { first, other } = await newPair();
    await unlink(first);
    const user = await userOf(first);
    expect(await unlink(first)).toEqual({ status: 'OK', wasRecipeUserDeleted: false, wasLinked: true });
    expect([await userOf(first), await userOf(other)]).toEqual([user, user]);
  });
});

describe('a list by account info', () => {
  licensed('names an account once, however many of its login methods have the same e-mail', async () => {
    const email = newEmail();
    const [first, { userId: other }] = [await newPrimary(email), await world.signUp(email)];
    const { user } = await link(other, first);
    for (const doUnionOfAccountInfo of ['true', 'false'])
      expect((await world.get('/public/users/by-accountinfo', { email, doUnionOfAccountInfo })).users).toEqual([user]);
  });
});

describe('a number', () => {
  licensed('is never changed to that of another primary account, nor to that of any other account', async () => {
    const newPhone = () => `+49151${randomInt(10_000_000, 100_000_000)}`;
    const signUp = async (phoneNumber: string) => {
      const { preAuthSessionId, linkCode } = await world.post('/public/recipe/signinup/code', { phoneNumber });
      return (await world.post('/public/recipe/signinup/code/consume', { preAuthSessionId, linkCode }))
        .recipeUserId as string;
    };
    const taken = newPhone();
    const [owner, recipeUserId] = [await signUp(taken), await signUp(newPhone())];
    const change = async () =>
      (await world.call('PUT', '/recipe/user', { recipeUserId, phoneNumber: taken }, { rid: 'passwordless' })).body;
    await makePrimary(recipeUserId);
    expect(await change()).toEqual({ status: 'PHONE_NUMBER_ALREADY_EXISTS_ERROR' });
    await makePrimary(owner);
    expect(await change()).toEqual({
      status: 'PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR',
      reason: 'New phone number is associated with another primary user ID',
    });
  });
});

describe('an e-mail', () => {
  const notAllowed = (reason: string) => ({ status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR', reason });

  licensed('is never changed to that of another primary account', async () => {
    const taken = newEmail();
    await newPrimary(taken);
    const { userId } = await world.signUp();
    await makePrimary(userId);
    const change = () => world.put('/recipe/user', { recipeUserId: userId, email: taken });
    expect(await change()).toEqual(notAllowed('New email is associated with another primary user ID'));
    const identity = {
      thirdPartyId: 'google',
      thirdPartyUserId: world.name('moving'),
      email: { id: newEmail(), isVerified: true },
    };
    const { recipeUserId } = await world.post('/public/recipe/signinup', identity);
    await makePrimary(recipeUserId);
    const moved = await world.post('/public/recipe/signinup', { ...identity, email: { id: taken, isVerified: true } });
    expect(moved).toEqual(notAllowed('Email already associated with another primary user.'));
    const sent = await world.post('/public/recipe/signinup/code', { email: newEmail() });
    const { preAuthSessionId, linkCode } = sent;
    const reader = await world.post('/public/recipe/signinup/code/consume', { preAuthSessionId, linkCode });
    await makePrimary(reader.recipeUserId);
    const update = { recipeUserId: reader.recipeUserId, email: taken };
    const answer = await world.call('PUT', '/recipe/user', update, { rid: 'passwordless' });
    expect(answer.body).toEqual(notAllowed('New email is associated with another primary user ID'));
    await unlink(userId);
    expect(await change()).toEqual({ status: 'OK' });
  });
});

describe('everything at once, at two servers', () => {
  insideOnly.process('ends without a failure, and without two primary accounts of one e-mail', async () => {
    const emails = [newEmail(), newEmail()];
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) ids.push(await world.signInWith(emails[count % 2]!, `crowd-${count}`));
    const sent = await Promise.all(emails.map((email) => world.post('/public/recipe/signinup/code', { email })));
    const requests = ids.flatMap((recipeUserId, index): [string, object][] => [
      [at('/primary'), { recipeUserId }],
      [at('/link'), { recipeUserId, primaryUserId: ids[(index + 3) % 8] }],
      [at('/unlink'), { recipeUserId: ids[(index + 5) % 8] }],
      [
        '/public/recipe/signinup',
        {
          thirdPartyId: 'google',
          thirdPartyUserId: `crowd-${index}`,
          email: { id: emails[(index + 1) % 2], isVerified: true },
        },
      ],
      ['/recipe/userid/map', { superTokensUserId: recipeUserId, externalUserId: `crowd-member-${index}`, force: true }],
      ...(index % 4 === 0 ? [['/user/remove', { userId: ids[index + 1] }] as [string, object]] : []),
    ]);
    for (const { preAuthSessionId, linkCode } of sent)
      requests.push(['/public/recipe/signinup/code/consume', { preAuthSessionId, linkCode }]);
    const answers = await Promise.all(
      requests.map(([path, fields], index) =>
        world.call('POST', path, fields, {}, index % 2 ? second : world.coreClient),
      ),
    );
    expect(answers.filter((answer) => ![200, 400].includes(answer.statusCode)).map((answer) => answer.text)).toEqual(
      [],
    );
    for (const email of emails) {
      const { users } = await world.get('/public/users/by-accountinfo', { email, doUnionOfAccountInfo: 'true' });
      expect(users.filter((user: { isPrimaryUser: boolean }) => user.isPrimaryUser).length).toBeLessThanOrEqual(1);
    }
  });
});

describe('removal', () => {
  licensed('takes all login methods and what hangs on them, or one', async () => {
    const { first, other } = await newPair();
    await world.newSession({ userId: other });
    await world.post('/user/remove', { userId: other });
    expect([await userOf(first), await userOf(other), await handlesOf(other)]).toEqual([undefined, undefined, []]);

    const pair = await newPair();
    await world.put('/recipe/user/metadata', { userId: pair.first, metadataUpdate: { theme: 'dark' } });
    await world.post('/user/remove', { userId: pair.first, removeAllLinkedAccounts: false });
    expect((await userOf(pair.first)).loginMethods).toHaveLength(1);
    expect((await world.get('/recipe/user/metadata', { userId: pair.first })).metadata).toEqual({ theme: 'dark' });
    await world.post('/user/remove', { userId: pair.other, removeAllLinkedAccounts: false });
    expect(await userOf(pair.first)).toBeUndefined();
    expect((await world.get('/recipe/user/metadata', { userId: pair.first })).metadata).toEqual({});
  });
});
