import { createHash, createHmac, randomInt } from 'node:crypto';
import type { CoreClient } from './core-client.js';
import { insideOnly } from './outside.js';
import { World } from './world.js';

let world: World;
let second: CoreClient;
beforeAll(async () => {
  world = await World.create();
  second = await world.another();
});
afterAll(async () => {
  await second.close();
  await world.drop();
});

const newEmail = () => world.email('reader');
const newPhone = () => `+49151${randomInt(10_000_000, 100_000_000)}`;

interface Sent {
  status: string;
  preAuthSessionId: string;
  codeId: string;
  deviceId: string;
  userInputCode: string;
  linkCode: string;
}

const send = (fields: object): Promise<Sent> => world.post('/public/recipe/signinup/code', fields);
const consume = (fields: object) => world.post('/public/recipe/signinup/code/consume', fields);
const byLink = ({ preAuthSessionId, linkCode }: Sent) => ({ preAuthSessionId, linkCode });
const byDigits = ({ preAuthSessionId, deviceId, userInputCode }: Sent) => ({
  preAuthSessionId,
  deviceId,
  userInputCode,
});
const devicesOf = async (query: object) => (await world.get('/public/recipe/signinup/codes', query)).devices;
const wrongDigits = (sent: Sent) => ({
  ...byDigits(sent),
  userInputCode: sent.userInputCode === '000000' ? '111111' : '000000',
});
const restart = { status: 'RESTART_FLOW_ERROR' };

describe('a code', () => {
  it('is made with all that the messages need', async () => {
    const email = newEmail();
    const sent = await send({ email: ` ${email.toUpperCase()} ` });
    expect(sent).toEqual({
      status: 'OK',
      preAuthSessionId: createHash('sha256').update(Buffer.from(sent.deviceId, 'base64')).digest('base64url'),
      codeId: expect.any(String),
      deviceId: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      userInputCode: expect.stringMatching(/^\d{6}$/),
      linkCode: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      timeCreated: expect.any(Number),
      codeLifetime: 900_000,
    });
    // The browser knows the device id and may guess the digits; the link has a salt that it does not know.
    const guessed = createHmac('sha256', Buffer.from(sent.deviceId, 'base64'))
      .update(sent.userInputCode)
      .digest('base64url');
    expect(sent.linkCode).not.toBe(guessed);
    expect(await devicesOf({ email })).toEqual([
      {
        preAuthSessionId: sent.preAuthSessionId,
        failedCodeInputAttemptCount: 0,
        email,
        codes: [{ codeId: sent.codeId, timeCreated: expect.any(Number), codeLifetime: 900_000 }],
      },
    ]);
  });

  it('is sent again for the same device, but not with the same digits', async () => {
    const first = await send({ email: newEmail(), userInputCode: '123456' });
    const again = await send({ deviceId: first.deviceId });
    expect([again.preAuthSessionId, again.deviceId]).toEqual([first.preAuthSessionId, first.deviceId]);
    expect(again.linkCode).not.toBe(first.linkCode);
    expect((await devicesOf({ deviceId: first.deviceId }))[0].codes).toHaveLength(2);
    expect(await send({ deviceId: first.deviceId, userInputCode: '123456' })).toEqual({
      status: 'USER_INPUT_CODE_ALREADY_USED_ERROR',
    });
    expect(await send({ deviceId: Buffer.alloc(32).toString('base64') })).toEqual(restart);
    expect((await consume(byDigits(first))).status).toBe('OK');
  });

  it('goes to exactly one place', async () => {
    for (const fields of [{}, { email: newEmail(), phoneNumber: newPhone() }]) {
      expect(await world.failure('POST', '/public/recipe/signinup/code', fields)).toEqual([
        400,
        'Please provide exactly one of email, phoneNumber or deviceId',
      ]);
    }
    expect(await world.failure('POST', '/public/recipe/signinup/code', { deviceId: 'no base64!' })).toEqual([
      400,
      'Input encoding error in deviceId',
    ]);
    expect(await world.failure('GET', '/public/recipe/signinup/codes')).toEqual([
      400,
      'Please provide exactly one of email, phoneNumber, deviceId or preAuthSessionId',
    ]);
  });
});

describe('signing in', () => {
  it('by link makes an account once, with a verified e-mail', async () => {
    const email = newEmail();
    const sent = await send({ email });
    const other = await send({ email });
    const first = await consume({ ...byLink(sent), preAuthSessionId: `${sent.preAuthSessionId}=` });
    expect(first).toMatchObject({ status: 'OK', createdNewUser: true, recipeUserId: first.user.id });
    expect(first.consumedDevice).toEqual({
      preAuthSessionId: sent.preAuthSessionId,
      failedCodeInputAttemptCount: 0,
      email,
    });
    expect(first.user).toMatchObject({ emails: [email], phoneNumbers: [], isPrimaryUser: false });
    expect(first.user.loginMethods).toEqual([
      {
        tenantIds: ['public'],
        recipeUserId: first.recipeUserId,
        verified: true,
        recipeId: 'passwordless',
        email,
        timeJoined: first.user.timeJoined,
      },
    ]);
    for (const used of [sent, other]) expect(await consume(byLink(used))).toEqual(restart);
    const next = await consume(byLink(await send({ email })));
    expect(next).toMatchObject({ createdNewUser: false, recipeUserId: first.recipeUserId });
  });

  it('by digits works for a phone, however its number is written, and proves it (row 7)', async () => {
    const phoneNumber = newPhone();
    const spaced = `${phoneNumber.slice(0, 3)} (${phoneNumber.slice(3, 6)}) ${phoneNumber.slice(6)}`;
    const { user, consumedDevice } = await consume(byDigits(await send({ phoneNumber: spaced })));
    expect([user.phoneNumbers, user.emails, consumedDevice.phoneNumber]).toEqual([[phoneNumber], [], phoneNumber]);
    expect(user.loginMethods[0]).toMatchObject({ phoneNumber, verified: true });
    const found = await world.get('/public/users/by-accountinfo', {
      phoneNumber: spaced,
      doUnionOfAccountInfo: 'false',
    });
    expect(found.users).toEqual([user]);
  });

  insideOnly.standIn('by digits works for what is no number of any country, which is only trimmed', async () => {
    const phoneNumber = `desk ${randomInt(1_000_000)}`;
    const { user } = await consume(byDigits(await send({ phoneNumber: `  ${phoneNumber} ` })));
    expect(user.phoneNumbers).toEqual([phoneNumber]);
  });

  it('may be tried out first without being used', async () => {
    const email = newEmail();
    const sent = await send({ email });
    for (const proof of [byLink(sent), byDigits(sent)]) {
      expect(await world.post('/public/recipe/signinup/code/check', proof)).toEqual({
        status: 'OK',
        consumedDevice: { preAuthSessionId: sent.preAuthSessionId, failedCodeInputAttemptCount: 0, email },
      });
    }
    expect((await consume(byLink(sent))).status).toBe('OK');
  });

  it('works once when two servers are asked at the same moment', async () => {
    const email = newEmail();
    const sent = await send({ email });
    const answers = await world.race(
      second,
      '/public/recipe/signinup/code/consume',
      Array.from({ length: 4 }, () => byDigits(sent)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      'OK',
      ...Array.from({ length: 3 }, () => 'RESTART_FLOW_ERROR'),
    ]);
  });

  it('takes the code and the session that belong together', async () => {
    const [one, other] = [await send({ email: newEmail() }), await send({ email: newEmail() })];
    const mixed = { ...byLink(one), preAuthSessionId: other.preAuthSessionId };
    expect(await world.failure('POST', '/public/recipe/signinup/code/consume', mixed)).toEqual([
      400,
      "preAuthSessionId and deviceId doesn't match",
    ]);
  });

  it('makes one account of two devices that finish together', async () => {
    const email = newEmail();
    const sent = [await send({ email }), await send({ email })];
    await world.race(second, '/public/recipe/signinup/code/consume', sent.map(byLink));
    const { users } = await world.get('/public/users/by-accountinfo', { email, doUnionOfAccountInfo: 'true' });
    expect(users).toHaveLength(1);
  });
});

describe('a code that is asked for or shown wrongly', () => {
  const refused = (path: string, fields: object) =>
    world.failure('POST', `/public/recipe/signinup/code${path}`, fields);

  it('has no digits, which is refused (row 31)', async () => {
    for (const fields of [{ email: newEmail() }, { deviceId: (await send({ email: newEmail() })).deviceId }])
      expect(await refused('', { ...fields, userInputCode: '' })).toEqual([
        400,
        'userInputCode cannot be an empty string.',
      ]);
  });

  it('comes as a link in the other alphabet, which is refused (row 32)', async () => {
    const sent = await send({ email: newEmail() });
    for (const letter of ['/', '+'])
      for (const path of ['/consume', '/check'])
        expect(await refused(path, { ...byLink(sent), linkCode: `${letter}${sent.linkCode.slice(1)}` })).toEqual([
          400,
          'Input encoding error in linkCode',
        ]);
  });
});

describe('guessing', () => {
  it('ends the device at the fifth wrong code', async () => {
    const sent = await send({ email: newEmail() });
    for (const failedCodeInputAttemptCount of [1, 2, 3, 4]) {
      expect(await consume(wrongDigits(sent))).toEqual({
        status: 'INCORRECT_USER_INPUT_CODE_ERROR',
        failedCodeInputAttemptCount,
        maximumCodeInputAttempts: 5,
      });
    }
    expect(await consume(wrongDigits(sent))).toEqual(restart);
    for (const proof of [byDigits(sent), byLink(sent)]) expect(await consume(proof)).toEqual(restart);
  });

  it('at two servers at once is no faster, and trying out counts too', async () => {
    const sent = await send({ email: newEmail() });
    const guesses = Array.from({ length: 10 }, () => wrongDigits(sent));
    const answers = await world.race(second, '/public/recipe/signinup/code/check', guesses);
    const failures = answers.filter((answer) => answer.status === 'INCORRECT_USER_INPUT_CODE_ERROR');
    expect(failures.map((answer) => answer.failedCodeInputAttemptCount).sort()).toEqual([1, 2, 3, 4]);
    expect(await consume(byDigits(sent))).toEqual(restart);
  });

  insideOnly.clock('is distinguished from being late', async () => {
    const sent = await send({ email: newEmail() });
    world.later(900_001);
    expect(await consume(byLink(sent))).toEqual(restart);
    expect(await consume(byDigits(sent))).toMatchObject({
      status: 'EXPIRED_USER_INPUT_CODE_ERROR',
      failedCodeInputAttemptCount: 1,
    });
  });

  insideOnly.apps('is limited as the app says', async () => {
    const coreConfig = { passwordless_max_code_input_attempts: 2, passwordless_code_lifetime: 5000 };
    await world.put('/recipe/multitenancy/app/v2', { appId: 'hasty', coreConfig });
    const inApp = (path: string, fields: object) =>
      world.post(`/appid-hasty/public/recipe/signinup/code${path}`, fields);
    const sent = await inApp('', { email: newEmail() });
    expect(sent.codeLifetime).toBe(5000);
    expect(await inApp('/consume', wrongDigits(sent))).toMatchObject({ maximumCodeInputAttempts: 2 });
    expect(await inApp('/consume', wrongDigits(sent))).toEqual(restart);
    const late = await inApp('', { email: newEmail() });
    world.later(5001);
    expect(await inApp('/consume', byLink(late))).toEqual(restart);
  });
});

describe('codes', () => {
  it('are revoked one by one, by device or by address', async () => {
    const email = newEmail();
    const one = await send({ email });
    const again = await send({ deviceId: one.deviceId });
    const other = await send({ email });
    const remove = (fields: object) => world.post('/public/recipe/signinup/code/remove', fields);
    expect(await remove({ codeId: one.codeId })).toEqual({ status: 'OK' });
    expect((await devicesOf({ deviceId: one.deviceId }))[0].codes).toMatchObject([{ codeId: again.codeId }]);
    await remove({ codeId: again.codeId });
    expect(await devicesOf({ preAuthSessionId: one.preAuthSessionId })).toEqual([]);
    await remove({ preAuthSessionId: other.preAuthSessionId });
    expect(await devicesOf({ email })).toEqual([]);
    await send({ email });
    expect(await world.post('/public/recipe/signinup/codes/remove', { email })).toEqual({ status: 'OK' });
    expect(await devicesOf({ email })).toEqual([]);
    const phoneNumber = newPhone();
    await send({ phoneNumber });
    await world.post('/public/recipe/signinup/codes/remove', { phoneNumber });
    expect(await devicesOf({ phoneNumber })).toEqual([]);
  });

  insideOnly.database('that nobody used are swept away in time, and only then', async () => {
    const email = newEmail();
    await send({ email });
    await world.sweep();
    expect(await devicesOf({ email })).toHaveLength(1);
    world.later(900_001);
    await world.sweep();
    expect(await devicesOf({ email })).toEqual([]);
  });
});

describe('an account', () => {
  const update = async (fields: object) =>
    (await world.call('PUT', '/recipe/user', fields, { rid: 'passwordless' })).body;
  const signUp = async (fields: object) => (await consume(byLink(await send(fields)))).recipeUserId as string;

  it('changes its address and number, and keeps one of them', async () => {
    const [email, phoneNumber, next] = [newEmail(), newPhone(), newEmail()];
    const recipeUserId = await signUp({ email });
    const underway = await send({ email });
    expect(await update({ recipeUserId, email: next, phoneNumber })).toEqual({ status: 'OK' });
    const { user } = await world.get('/user/id', { userId: recipeUserId });
    expect([user.emails, user.phoneNumbers, user.loginMethods[0].verified]).toEqual([[next], [phoneNumber], false]);
    expect(await consume(byLink(underway))).toEqual(restart);
    expect(await consume(byLink(await send({ phoneNumber })))).toMatchObject({ createdNewUser: false, recipeUserId });
    expect(await update({ recipeUserId, email: null })).toEqual({ status: 'OK' });
    expect((await world.get('/user/id', { userId: recipeUserId })).user.emails).toEqual([]);
    const both = await world.call('PUT', '/recipe/user', { recipeUserId, phoneNumber: null }, { rid: 'passwordless' });
    expect([both.statusCode, both.text]).toEqual([400, 'You cannot clear both email and phone number of a user\n']);
  });

  it('cannot take what is another account’s, nor be one of another recipe', async () => {
    const [email, phoneNumber] = [newEmail(), newPhone()];
    await signUp({ email });
    await signUp({ phoneNumber });
    const recipeUserId = await signUp({ email: newEmail() });
    expect(await update({ recipeUserId, email })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await update({ recipeUserId, phoneNumber })).toEqual({ status: 'PHONE_NUMBER_ALREADY_EXISTS_ERROR' });
    expect(await update({ recipeUserId: await world.signInWith(newEmail()), email: newEmail() })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
    expect(await update({ recipeUserId: 'nobody', email: newEmail() })).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
  });

  it('leaves the codes that are under way when it is removed, and one of them makes a new account (row 8)', async () => {
    const email = newEmail();
    const userId = await signUp({ email });
    const sent = await send({ email });
    await world.post('/user/remove', { userId });
    expect(await devicesOf({ email })).toMatchObject([{ preAuthSessionId: sent.preAuthSessionId }]);
    const answer = await consume(byLink(sent));
    expect(answer).toMatchObject({ status: 'OK', createdNewUser: true });
    expect(answer.recipeUserId).not.toBe(userId);
  });
});
