import { hash } from '@node-rs/bcrypt';
import { Database } from '../src/database.js';
import { isPassword, type PasswordCheck } from '../src/password.js';
import { insideOnly } from './outside.js';
import { expectText, refusesWrongFields } from './table.js';
import { World } from './world.js';

/** E-mail and password, third parties and verified e-mails, field by field. */
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const account = { email: 'x@example.com', password: 'x' };
const target = { userId: 'x', email: 'x@example.com' };

refusesWrongFields(
  () => world,
  [
    { request: 'POST /public/recipe/signup', fields: account },
    { request: 'POST /public/recipe/signin', fields: account },
    { request: 'POST /public/recipe/user/password/reset/token', fields: { userId: 'x' } },
    { request: 'POST /public/recipe/user/password/reset/token/consume', fields: { token: 'x' } },
    {
      request: 'POST /public/recipe/signinup',
      fields: { thirdPartyId: 'x', thirdPartyUserId: 'x', email: { id: 'x@example.com', isVerified: true } },
    },
    { request: 'POST /public/recipe/user/email/verify/token', fields: target },
    { request: 'POST /public/recipe/user/email/verify', fields: { method: 'token', token: 'x' } },
    { request: 'GET /recipe/user/email/verify', fields: target },
    { request: 'POST /public/recipe/user/email/verify/token/remove', fields: target },
    { request: 'POST /recipe/user/email/verify/remove', fields: target },
  ],
);

const putUser = (fields: object) => world.put('/recipe/user', fields);
const signIn = (email: string, password: string) => world.post('/public/recipe/signin', { email, password });

describe('an account with a password', () => {
  it('is answered in the same way by sign-up and sign-in', async () => {
    const fields = { email: world.email(), password: 'correct horse 1' };
    const made = await world.post('/public/recipe/signup', fields);
    expect(made).toEqual({ status: 'OK', user: expect.any(Object), recipeUserId: made.user.id });
    expect(await world.post('/public/recipe/signin', fields)).toEqual(made);
    expect(await world.post('/public/recipe/signup', fields)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
  });

  it('is refused in words without a password', async () => {
    await expectText(
      world,
      ['POST /public/recipe/signup', { ...account, password: '' }],
      400,
      'Password cannot be an empty string',
    );
    await expectText(
      world,
      ['PUT /recipe/user', { recipeUserId: 'x' }],
      400,
      'You have to provide either email or password.',
    );
    for (const [name, value] of [
      ['email', 5],
      ['password', 5],
      ['email', null],
      ['password', null],
      ['recipeUserId', 5],
    ] as const) {
      const fields = { recipeUserId: 'x', password: 'x', [name]: value };
      await expectText(world, ['PUT /recipe/user', fields], 400, `Field name '${name}' is invalid in JSON input`);
    }
  });

  it('changes one thing without the other', async () => {
    const { userId, email, password } = await world.signUp();
    const next = world.email('next');
    expect(await putUser({ recipeUserId: userId, email: next })).toEqual({ status: 'OK' });
    expect((await signIn(next, password)).status).toBe('OK');
    expect((await signIn(email, password)).status).toBe('WRONG_CREDENTIALS_ERROR');
    expect(await putUser({ recipeUserId: userId, password: 'another horse 2' })).toEqual({ status: 'OK' });
    expect((await signIn(next, 'another horse 2')).status).toBe('OK');
    expect((await signIn(next, password)).status).toBe('WRONG_CREDENTIALS_ERROR');
    // One's own address may be given again.
    expect(await putUser({ recipeUserId: userId, email: next })).toEqual({ status: 'OK' });
  });

  it('is not changed in the name of a third party (row 34)', async () => {
    const { userId, email, password } = await world.signUp();
    const fields = { recipeUserId: userId, password: 'another horse 2' };
    const answer = await world.call('PUT', '/recipe/user', fields, { rid: 'thirdparty' });
    expect([answer.statusCode, answer.text]).toEqual([405, 'Method not supported\n']);
    expect((await signIn(email, password)).status).toBe('OK');
  });

  it('is one thing and the social account of the same e-mail another', async () => {
    const email = world.email();
    const social = await world.signInWith(email);
    const { userId } = await world.signUp(email);
    expect(userId).not.toBe(social);
    expect(await putUser({ recipeUserId: social, password: 'another horse 2' })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
  });

  insideOnly.process('is what a password is hashed for: for an address without one nothing is (row 6)', async () => {
    const { email } = await world.signUp();
    const social = world.email('social');
    await world.signInWith(social);
    let checks = 0;
    const counted: PasswordCheck = (password, stored) => {
      checks++;
      return isPassword(password, stored);
    };
    const coreClient = await world.another({ isPassword: counted });
    const wrong = async (address: string) => {
      checks = 0;
      const fields = { email: address, password: 'wrong horse 1' };
      const { body } = await world.call('POST', '/public/recipe/signin', fields, {}, coreClient);
      return [body, checks];
    };
    const refused = { status: 'WRONG_CREDENTIALS_ERROR' };
    expect(await wrong(email)).toEqual([refused, 1]);
    for (const address of [social, world.email('nobody')]) expect(await wrong(address)).toEqual([refused, 0]);
    await coreClient.close();
  });

  insideOnly.database(
    'has an argon2id hash at the cost that a core takes by default, of every letter of the password',
    async () => {
      const long = 'x'.repeat(72);
      const { email } = await world.signUp(undefined, `${long}one`);
      expect(
        await world.rowsIn(
          `login_methods where email = '${email}' and password_hash like '$argon2id$v=19$m=87795,t=1,p=2$%'`,
        ),
      ).toBe(1);
      expect((await signIn(email, `${long}one`)).status).toBe('OK');
      expect((await signIn(email, `${long}two`)).status).toBe('WRONG_CREDENTIALS_ERROR');
    },
  );

  insideOnly.database('may have a bcrypt hash from before, until the password is changed', async () => {
    const { userId, email, password } = await world.signUp();
    const hashIs = (pattern: string) =>
      world.rowsIn(`login_methods where email = '${email}' and password_hash like '${pattern}'`);
    const db = new Database(world.databaseUrl);
    await db.rows('update login_methods set password_hash = $1 where email = $2', [
      await hash('older horse 1', { cost: 4, version: '2a' }),
      email,
    ]);
    await db.close();
    expect((await signIn(email, password)).status).toBe('WRONG_CREDENTIALS_ERROR');
    expect((await signIn(email, 'older horse 1')).status).toBe('OK');
    expect(await hashIs('$2a$04$%')).toBe(1);
    await putUser({ recipeUserId: userId, password });
    expect((await signIn(email, password)).status).toBe('OK');
    expect(await hashIs('$argon2id$%')).toBe(1);
  });
});

describe('an e-mailed token that lets a password be changed', () => {
  const write = (userId: string, email: string) =>
    world.post('/public/recipe/user/password/reset/token', { userId, email });
  const consume = (token: string) => world.post('/public/recipe/user/password/reset/token/consume', { token });

  it('is written for an account of any kind, to any address as it was given, and several at a time (row 10)', async () => {
    const email = world.email();
    const social = await world.signInWith(email);
    const written = ` ${email.toUpperCase()} `;
    const [one, other] = [await write(social, written), await write(social, world.email())];
    expect(one).toEqual({ status: 'OK', token: expect.stringMatching(/^[A-Za-z0-9._~=-]{40,}$/) });
    expect(other.token).not.toBe(one.token);
    expect(await consume(one.token)).toEqual({ status: 'OK', userId: social, email: written });
    expect(await consume(other.token)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
  });

  it('is asked for an address only where there is an account (row 11)', async () => {
    const request = 'POST /public/recipe/user/password/reset/token';
    const missing = "Field name 'email' is invalid in JSON input";
    expect(await world.post('/public/recipe/user/password/reset/token', { userId: world.name() })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
    const userId = await world.signInWith(world.email());
    await expectText(world, [request, { userId }], 400, missing);
    await expectText(world, [request, { userId, email: 5 }], 400, missing);
  });

  it('changes nothing by itself', async () => {
    const { userId, email, password } = await world.signUp();
    await consume((await write(userId, email)).token);
    expect((await signIn(email, password)).status).toBe('OK');
  });

  insideOnly.database('is kept as a hash, as the token that verifies is, and both are swept away in time', async () => {
    const { userId, email } = await world.signUp();
    const { token } = await write(userId, email);
    const proof = await world.post('/public/recipe/user/email/verify/token', { userId, email });
    const kept = (table: string) => world.rowsIn(`${table} where user_id = '${userId}'`);
    expect(await world.rowsIn(`password_reset_tokens where token_hash = '${token}'`)).toBe(0);
    expect(await world.rowsIn(`password_reset_tokens where token_hash = encode(sha256('${token}'), 'hex')`)).toBe(1);
    expect(
      await world.rowsIn(`email_verification_tokens where token_hash = encode(sha256('${proof.token}'), 'hex')`),
    ).toBe(1);
    world.later(3_600_000);
    await world.sweep();
    expect([await kept('password_reset_tokens'), await kept('email_verification_tokens')]).toEqual([0, 1]);
    world.later(23 * 3_600_000);
    await world.sweep();
    expect(await kept('email_verification_tokens')).toBe(0);
  });
});

describe('an account of a third party', () => {
  const signInUp = (thirdPartyUserId: string, id: string, isVerified: boolean) =>
    world.post('/public/recipe/signinup', { thirdPartyId: 'github', thirdPartyUserId, email: { id, isVerified } });

  it('needs both halves of its e-mail, which are named when they are wrong', async () => {
    const fields = { thirdPartyId: 'github', thirdPartyUserId: 'x' };
    for (const [email, name] of [
      [{ isVerified: true }, 'id'],
      [{ id: 5, isVerified: true }, 'id'],
      [{ id: 'x@example.com' }, 'isVerified'],
      [{ id: 'x@example.com', isVerified: 'yes' }, 'isVerified'],
    ] as const) {
      await expectText(
        world,
        ['POST /public/recipe/signinup', { ...fields, email }],
        400,
        `Field name '${name}' is invalid in JSON input`,
      );
    }
  });

  it('moves with its address, which is unproven until somebody says otherwise, and proven for good', async () => {
    const [name, first, next] = [world.name(), world.email(), world.email()];
    const verified = async (email: string, isVerified: boolean) =>
      (await signInUp(name, email, isVerified)).user.loginMethods[0].verified;
    expect(await verified(first, false)).toBe(false);
    expect(await verified(first, true)).toBe(true);
    expect(await verified(first, false)).toBe(true);
    expect(await verified(next, false)).toBe(false);
    expect(await verified(first, false)).toBe(true);
  });

  it('is one when two sign in at the same moment, and its name is not that at another provider', async () => {
    const [name, email] = [world.name(), world.email()];
    const answers = await Promise.all(Array.from({ length: 4 }, () => signInUp(name, email, true)));
    expect(answers.filter((answer) => answer.createdNewUser)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.recipeUserId)).size).toBe(1);
    const elsewhere = await world.post('/public/recipe/signinup', {
      thirdPartyId: 'gitlab',
      thirdPartyUserId: name,
      email: { id: email, isVerified: true },
    });
    expect(elsewhere.createdNewUser).toBe(true);
  });
});

describe('a verified e-mail', () => {
  const at = (end: string) => `/public/recipe/user/email/verify${end}`;

  it('is proven by a token and by nothing else', async () => {
    await expectText(
      world,
      ['POST /public/recipe/user/email/verify', { method: 'trust', token: 'x' }],
      400,
      'Unsupported method for email verification',
    );
    expect(await world.post(at(''), { method: 'token', token: 'x' })).toEqual({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
  });

  it('may be that of anybody, is proven by one of several e-mailed tokens, and ends the others', async () => {
    const fields = { userId: world.name(), email: world.email() };
    const emailTokens = [
      await world.post(at('/token'), fields),
      await world.post(at('/token'), { ...fields, email: ` ${fields.email.toUpperCase()}` }),
    ];
    expect(emailTokens).toEqual([
      { status: 'OK', token: expect.any(String) },
      { status: 'OK', token: expect.any(String) },
    ]);
    const other = await world.post(at('/token'), { ...fields, email: world.email() });
    expect(await world.post(at(''), { method: 'token', token: emailTokens[1].token })).toEqual({
      status: 'OK',
      ...fields,
    });
    expect(await world.post(at(''), { method: 'token', token: emailTokens[0].token })).toEqual({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
    expect(await world.get('/recipe/user/email/verify', fields)).toEqual({ status: 'OK', isVerified: true });
    expect(await world.post(at('/token'), fields)).toEqual({ status: 'EMAIL_ALREADY_VERIFIED_ERROR' });
    // A token for another address proves that one.
    expect((await world.post(at(''), { method: 'token', token: other.token })).status).toBe('OK');
    expect(await world.post('/recipe/user/email/verify/remove', fields)).toEqual({ status: 'OK' });
    expect(await world.post('/recipe/user/email/verify/remove', fields)).toEqual({ status: 'OK' });
    expect(await world.post(at('/token/remove'), fields)).toEqual({ status: 'OK' });
    expect(await world.get('/recipe/user/email/verify', fields)).toEqual({ status: 'OK', isVerified: false });
  });

  it('needs no e-mailed token for an address that the SDK made up, save at a third party (row 12)', async () => {
    const isVerified = async (userId: string) =>
      (await world.get('/user/id', { userId })).user.loginMethods[0].verified as boolean;
    for (const [domain, verified] of [
      ['stfakeemail.supertokens.com', true],
      ['app.fakeemail.com', true],
      ['notfakeemail.com', false],
    ] as const) {
      const email = `${world.name('id-1')}.google@${domain}`;
      expect([domain, await isVerified((await world.signUp(email)).userId)]).toEqual([domain, verified]);
      const identity = { thirdPartyId: 'google', thirdPartyUserId: email, email: { id: email, isVerified: false } };
      expect([domain, await isVerified((await world.post('/public/recipe/signinup', identity)).recipeUserId)]).toEqual([
        domain,
        false,
      ]);
    }
  });
});
