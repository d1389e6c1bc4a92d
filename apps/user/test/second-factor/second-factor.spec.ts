import { secondFactorRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { Authenticator, enrol, allowUsedCodes } from './authenticator.js';
import { openWorld, type World } from '../world.js';

const WRONG = {
  code: 'BAD_USER_INPUT',
  message: 'This code is not right.',
  details: { path: ['code'], reason: 'WRONG_CODE' },
};
const OFF = { code: 'CONFLICT', details: { reason: 'SECOND_FACTOR_OFF' } };
const ON = { code: 'CONFLICT', details: { reason: 'SECOND_FACTOR_ON' } };

let world: World;
let realUrl: string;
beforeAll(
  async () =>
    void (world = await openWorld({ env: { APP_NAME: 'Ann & Bo' }, databaseUrl: (real) => (realUrl = real) })),
);
afterAll(() => world?.close());

const start = (userId: string) => world.call(secondFactorRpc.start, { userId, accountName: 'ann+1@example.com' });
const confirm = (userId: string, code: string) => world.call(secondFactorRpc.confirm, { userId, code });
const check = (userId: string, code: string) => world.call(secondFactorRpc.check, { userId, code });
const renew = (userId: string, code: string) => world.call(secondFactorRpc.renewRecoveryCodes, { userId, code });
const remove = (userId: string, code: string) => world.call(secondFactorRpc.remove, { userId, code });

/** How many said yes; every no was that the code is wrong. */
async function yeses(answers: Promise<unknown>[]): Promise<number> {
  const outcomes = await Promise.allSettled(answers);
  for (const answer of outcomes)
    if (answer.status === 'rejected') expect(['WRONG_CODE', 'TOO_MANY_CODES']).toContain(answer.reason.details.reason);
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('setting up a second factor', () => {
  it('gives a secret of 160 bits and the QR code of it', async () => {
    const { secret, uri } = await start(newId());
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toBe(
      `otpauth://totp/Ann%20%26%20Bo:ann%2B1%40example.com?issuer=Ann%20%26%20Bo&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });

  it('has no effect until a code proves it', async () => {
    const userId = newId();
    const app = new Authenticator((await start(userId)).uri);
    for (const use of [check, renew, remove]) await expect(use(userId, app.code())).rejects.toMatchObject(OFF);
    await expect(confirm(userId, app.wrong())).rejects.toMatchObject(WRONG);
    expect((await confirm(userId, app.code())).recoveryCodes).toHaveLength(10);
    await expect(check(userId, app.code(1))).resolves.toEqual({ usedRecoveryCode: false, recoveryCodesLeft: 10 });
  });

  it('again before that makes another secret, and the first is good for nothing', async () => {
    const userId = newId();
    const [first, second] = [await start(userId), await start(userId)];
    expect(second.secret).not.toBe(first.secret);
    await expect(confirm(userId, new Authenticator(first.uri).code())).rejects.toMatchObject(WRONG);
    await expect(confirm(userId, new Authenticator(second.uri).code())).resolves.toBeDefined();
  });

  it('is refused when there is one already, and by a stranger to it', async () => {
    const { userId, app } = await enrol(world);
    await expect(start(userId)).rejects.toMatchObject(ON);
    await expect(confirm(userId, app.code(1))).rejects.toMatchObject(ON);
    await expect(confirm(newId(), app.code(1))).rejects.toMatchObject(OFF);
    await expect(check(userId, app.code(1))).resolves.toBeDefined();
  });

  it('by two at once leaves one secret, and confirming by many at once gives recovery codes once', async () => {
    const userId = newId();
    const started = await Promise.all([start(userId), start(userId), start(userId)]);
    const apps = started.map(({ uri }) => new Authenticator(uri));
    const answers = await Promise.allSettled(
      apps.flatMap((app) => [confirm(userId, app.code()), confirm(userId, app.code())]),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.db.query('select 1 from recovery_code where user_id = $1', [userId])).toHaveLength(10);
  });

  it('is not possible for a deleted account', async () => {
    const userId = newId();
    await world.db.query('insert into erasure (id, user_id) values ($1, $2)', [newId(), userId]);
    await expect(start(userId)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'ACCOUNT_DELETED' } });
    expect(await world.db.query('select 1 from second_factor where user_id = $1', [userId])).toEqual([]);
  });
});

describe('a code of the app', () => {
  it('is accepted once, one after the other', async () => {
    const { userId, app, usedCode } = await enrol(world);
    await expect(check(userId, usedCode)).rejects.toMatchObject(WRONG);
    const next = app.code(1);
    await check(userId, next);
    for (const use of [check, renew, remove]) await expect(use(userId, next)).rejects.toMatchObject(WRONG);
  });

  it('is accepted once when it arrives twenty times at once', async () => {
    const { userId, app } = await enrol(world);
    const code = app.code(1);
    expect(await yeses(Array.from({ length: 20 }, () => check(userId, code)))).toBe(1);
  });

  it('may be late by a step, but not earlier than one that was accepted', async () => {
    const { userId, app } = await enrol(world);
    await allowUsedCodes(world, userId);
    const [late, next] = [app.code(), app.code(1)];
    await check(userId, next);
    await expect(check(userId, late)).rejects.toMatchObject(WRONG);
  });

  it.each([-2, 3])('is wrong %i steps from now', async (steps) => {
    const { userId, app } = await enrol(world);
    await allowUsedCodes(world, userId);
    await expect(check(userId, app.code(steps))).rejects.toMatchObject(WRONG);
  });

  it('may have a gap', async () => {
    const { userId, app } = await enrol(world);
    const code = app.code(1);
    await expect(check(userId, ` ${code.slice(0, 3)} ${code.slice(3)} `)).resolves.toBeDefined();
  });

  it('of somebody else is wrong', async () => {
    const [ann, bo] = await Promise.all([enrol(world), enrol(world)]);
    await expect(check(ann.userId, bo.app.code(1))).rejects.toMatchObject(WRONG);
    await expect(check(ann.userId, bo.recoveryCodes[0]!)).rejects.toMatchObject(WRONG);
  });

  it.each(['', '12345', 'x'.repeat(33)])('cannot be %p', async (code) => {
    await expect(check(newId(), code)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['code'] } });
  });

  it.each(["' or 1=1 --", '\0\0\0\0\0\0', '😀'.repeat(6), '１２３４５６', '-------', 'NaNNaN'])(
    'is not %p',
    async (code) => {
      const { userId } = await enrol(world);
      await expect(check(userId, code)).rejects.toMatchObject(WRONG);
    },
  );
});

describe('recovery codes', () => {
  it('are ten different ones of at least 64 bits without look-alikes', async () => {
    const { recoveryCodes } = await enrol(world);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}$/);
  });

  it('are each accepted once, however they are typed', async () => {
    const { userId, recoveryCodes } = await enrol(world);
    const typed = [
      (code: string) => code,
      (code: string) => code.toUpperCase(),
      (code: string) => code.replaceAll('-', ''),
      (code: string) => ` ${code.replaceAll('-', ' ')} `,
    ];
    for (const [n, type] of typed.entries()) {
      const code = recoveryCodes[n]!;
      await expect(check(userId, type(code))).resolves.toEqual({ usedRecoveryCode: true, recoveryCodesLeft: 9 - n });
      await expect(check(userId, code)).rejects.toMatchObject(WRONG);
    }
  });

  it('are accepted once when one arrives twenty times at once', async () => {
    const { userId, recoveryCodes } = await enrol(world);
    expect(await yeses(Array.from({ length: 20 }, () => check(userId, recoveryCodes[3]!)))).toBe(1);
    await expect(
      world.db.query('select 1 from recovery_code where user_id = $1 and used_at is null', [userId]),
    ).resolves.toHaveLength(9);
  });

  it('leave the codes of the app as good as they were', async () => {
    const { userId, app, usedCode, recoveryCodes } = await enrol(world);
    await check(userId, recoveryCodes[0]!);
    await expect(check(userId, usedCode)).rejects.toMatchObject(WRONG);
    await expect(check(userId, app.code(1))).resolves.toEqual({ usedRecoveryCode: false, recoveryCodesLeft: 9 });
  });

  it('are replaced as a whole by new ones, for a right code only', async () => {
    const { userId, app, recoveryCodes } = await enrol(world);
    await expect(renew(userId, app.wrong())).rejects.toMatchObject(WRONG);
    const renewed = await renew(userId, recoveryCodes[0]!);
    expect(renewed.recoveryCodes).toHaveLength(10);
    await expect(check(userId, recoveryCodes[1]!)).rejects.toMatchObject(WRONG);
    await expect(check(userId, renewed.recoveryCodes[1]!)).resolves.toEqual({
      usedRecoveryCode: true,
      recoveryCodesLeft: 9,
    });
  });
});

describe('removing a second factor', () => {
  it('needs a right code and leaves nothing', async () => {
    const { userId, app } = await enrol(world);
    await expect(remove(userId, app.wrong())).rejects.toMatchObject(WRONG);
    await remove(userId, app.code(1));
    for (const table of ['second_factor', 'recovery_code'])
      expect(await world.db.query(`select 1 from ${table} where user_id = $1`, [userId])).toEqual([]);
    for (const use of [check, renew, remove]) await expect(use(userId, app.code())).rejects.toMatchObject(OFF);
  });

  it('is followed by another one, to which nothing of the first belongs', async () => {
    const { userId, app, recoveryCodes } = await enrol(world);
    await remove(userId, recoveryCodes[0]!);
    const again = await enrol(world, userId);
    for (const code of [app.code(1), recoveryCodes[1]!]) await expect(check(userId, code)).rejects.toMatchObject(WRONG);
    await expect(check(userId, again.app.code(1))).resolves.toBeDefined();
  });
});

describe('the database', () => {
  it('has no secret and no recovery code in clear, in any form', async () => {
    const userId = newId();
    const { secret, uri } = await start(userId);
    const { recoveryCodes } = await confirm(userId, new Authenticator(uri).code());
    const bytes = Buffer.from(base32Bytes(secret));
    const dump = await everyRow();
    expect(dump).toContain(userId);
    for (const text of [
      secret,
      bytes.toString('hex'),
      bytes.toString('base64'),
      ...recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')]),
    ]) {
      for (const form of [text, Buffer.from(text).toString('hex')]) expect(dump).not.toContain(form);
    }
  });

  it('keeps two secrets apart: a row copied to another user is worth nothing', async () => {
    const [ann, mallory] = [await enrol(world), await enrol(world)];
    await world.db.query(
      'update second_factor set secret = (select secret from second_factor where user_id = $2) where user_id = $1',
      [ann.userId, mallory.userId],
    );
    await world.db.query('delete from recovery_code where user_id = $1', [ann.userId]);
    await world.db.query(
      'insert into recovery_code (user_id, code_hash) select $1, code_hash from recovery_code where user_id = $2',
      [ann.userId, mallory.userId],
    );
    for (const code of [mallory.app.code(1), mallory.recoveryCodes[0]!])
      await expect(check(ann.userId, code)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('does not take a recovery code of another user either', async () => {
    const [ann, mallory] = [await enrol(world), await enrol(world)];
    await world.db.query(
      'insert into recovery_code (user_id, code_hash) select $1, code_hash from recovery_code where user_id = $2',
      [ann.userId, mallory.userId],
    );
    await expect(check(ann.userId, mallory.recoveryCodes[0]!)).rejects.toMatchObject(WRONG);
  });

  it('is of no use under another key: an error that says nothing and is not counted', async () => {
    const { userId, app, recoveryCodes } = await enrol(world);
    const other = await openWorld({ env: { SECOND_FACTOR_KEY: 'b2'.repeat(32) }, databaseUrl: () => realUrl });
    try {
      for (const code of [app.code(1), app.wrong(), recoveryCodes[0]!]) {
        const error = await other.call(secondFactorRpc.check, { userId, code }).catch((reason: unknown) => reason);
        expect(JSON.parse(JSON.stringify(error))).toEqual({
          code: 'INTERNAL',
          message: 'Something went wrong on our side.',
          details: {},
        });
      }
    } finally {
      await other.close();
    }
    expect(await world.db.query('select failures from second_factor where user_id = $1', [userId])).toEqual([
      { failures: 0 },
    ]);
    await expect(check(userId, recoveryCodes[0]!)).resolves.toBeDefined();
  });
});

/** All tables as Postgres writes them out. */
async function everyRow(): Promise<string> {
  const tables = await world.db.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => world.db.query<{ row: string }>(`select t::text as row from ${name} t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

function base32Bytes(text: string): number[] {
  const bits = [...text]
    .map((character) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0'))
    .join('');
  return bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
}
