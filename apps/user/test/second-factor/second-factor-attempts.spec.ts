import fc from 'fast-check';
import type { Rpc } from '@fowergram/contracts-core';
import { secondFactorRpc } from '@fowergram/contracts-user';
import { newId, one } from '@fowergram/database';
import { Authenticator, enrol, type Enrolled, allowUsedCodes, letPass } from './authenticator.js';
import { openWorld, type World } from '../world.js';

const WRONG = { code: 'BAD_USER_INPUT', details: { path: ['code'], reason: 'WRONG_CODE' } };
const BLOCKED = { code: 'RATE_LIMITED', details: { reason: 'TOO_MANY_CODES' } };

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

type Use = 'check' | 'renewRecoveryCodes' | 'remove';
const use = (what: Use, userId: string, code: string) => world.call(secondFactorRpc[what] as Rpc, { userId, code });
const check = (userId: string, code: string) => use('check', userId, code);
const reasonOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'OK',
    (error) => error.details.reason,
  );
const failuresOf = async (userId: string) =>
  one(
    await world.db.query<{ failures: number; at: Date | null }>(
      'select failures, last_failure_at as at from second_factor where user_id = $1',
      [userId],
    ),
  );

async function guess({ userId, app }: Enrolled, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await expect(check(userId, app.wrong())).rejects.toMatchObject(WRONG);
}

describe('guessing codes', () => {
  it('ends after five in a row: then not even the right code is looked at', async () => {
    const ann = await enrol(world);
    await guess(ann, 5);
    for (const code of [ann.app.code(1), ann.recoveryCodes[0]!, ann.app.wrong()]) {
      const error = await check(ann.userId, code).catch((reason: unknown) => reason);
      expect(error).toMatchObject(BLOCKED);
      const { retryAfterSeconds } = (error as { details: { retryAfterSeconds: number } }).details;
      expect(retryAfterSeconds).toBeGreaterThan(14 * 60);
      expect(retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
    }
    expect(
      await world.db.query('select 1 from recovery_code where user_id = $1 and used_at is null', [ann.userId]),
    ).toHaveLength(10);
  });

  it('counts codes of both kinds and of every use together', async () => {
    const { userId, app, usedCode } = await enrol(world);
    const tries: [Use, string][] = [
      ['check', app.wrong()],
      ['renewRecoveryCodes', 'abcd-efgh-jkmn-pqrs'],
      ['remove', app.wrong()],
      ['check', usedCode],
      ['check', 'nonsense'],
    ];
    for (const [what, code] of tries) await expect(use(what, userId, code)).rejects.toMatchObject(WRONG);
    for (const what of ['check', 'renewRecoveryCodes', 'remove'] as const)
      await expect(use(what, userId, app.code(1))).rejects.toMatchObject(BLOCKED);
  });

  it('is no more possible while the factor is being set up, and starting again does not help', async () => {
    const userId = newId();
    const start = () => world.call(secondFactorRpc.start, { userId, accountName: 'ann' });
    const confirm = (code: string) => world.call(secondFactorRpc.confirm, { userId, code });
    let app = new Authenticator((await start()).uri);
    for (let n = 0; n < 3; n++) await expect(confirm(app.wrong())).rejects.toMatchObject(WRONG);
    app = new Authenticator((await start()).uri);
    for (let n = 0; n < 2; n++) await expect(confirm(app.wrong())).rejects.toMatchObject(WRONG);
    await expect(confirm(app.code())).rejects.toMatchObject(BLOCKED);
    await expect(start()).rejects.toMatchObject(BLOCKED);
    await letPass(world, userId, 15);
    await expect(confirm(app.code())).resolves.toBeDefined();
  });

  it('has five tries, also when fifty come at once', async () => {
    const { userId, app } = await enrol(world);
    const code = app.wrong();
    const reasons = await Promise.all(Array.from({ length: 50 }, () => reasonOf(check(userId, code))));
    expect(reasons.filter((reason) => reason === 'WRONG_CODE')).toHaveLength(5);
    expect(await failuresOf(userId)).toMatchObject({ failures: 5 });
  });

  it('is forgiven by a right code', async () => {
    const ann = await enrol(world);
    await guess(ann, 4);
    await check(ann.userId, ann.app.code(1));
    expect(await failuresOf(ann.userId)).toEqual({ failures: 0, at: null });
    await guess(ann, 4);
    await expect(check(ann.userId, ann.recoveryCodes[0]!)).resolves.toBeDefined();
  });

  it('is blocked for 15 minutes from the last wrong code; attempts meanwhile add nothing', async () => {
    const ann = await enrol(world);
    await guess(ann, 5);
    await letPass(world, ann.userId, 14);
    const before = await failuresOf(ann.userId);
    await expect(check(ann.userId, ann.app.wrong())).rejects.toMatchObject(BLOCKED);
    expect(await failuresOf(ann.userId)).toEqual(before);
    await letPass(world, ann.userId, 1);
    await expect(check(ann.userId, ann.app.code(1))).resolves.toBeDefined();
  });

  it('goes on after a block with one try at a time', async () => {
    const ann = await enrol(world);
    await guess(ann, 5);
    await letPass(world, ann.userId, 15);
    await guess(ann, 1);
    await expect(check(ann.userId, ann.app.code(1))).rejects.toMatchObject(BLOCKED);
  });

  it('of one account does not block another', async () => {
    const [ann, bo] = [await enrol(world), await enrol(world)];
    await guess(ann, 5);
    await expect(check(bo.userId, bo.app.code(1))).resolves.toBeDefined();
  });
});

type Step = { do: 'guess' | 'replay' | 'nonsense' | 'right' | 'recovery' } | { do: 'wait'; minutes: number };

/** The expected outcomes, without a database. */
class Model {
  private failures = 0;
  private minutesSinceFailure = 0;
  private codesLeft = 10;

  wait(minutes: number): void {
    this.minutesSinceFailure += minutes;
  }

  expected(action: 'guess' | 'replay' | 'nonsense' | 'right' | 'recovery'): string {
    if (this.failures >= 5 && this.minutesSinceFailure < 15) return 'TOO_MANY_CODES';
    if (action === 'right' || (action === 'recovery' && this.codesLeft-- > 0)) {
      this.failures = 0;
      return 'OK';
    }
    this.failures++;
    this.minutesSinceFailure = 0;
    return 'WRONG_CODE';
  }
}

describe('any sequence of right, wrong and repeated codes', () => {
  it('ends as the model says', async () => {
    const action = fc.constantFrom(
      'guess' as const,
      'guess' as const,
      'guess' as const,
      'nonsense' as const,
      'replay' as const,
      'right' as const,
      'recovery' as const,
    );
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 5, arbitrary: action.map((what) => ({ do: what })) },
      { weight: 1, arbitrary: fc.constantFrom(1, 7, 14, 15, 40).map((minutes) => ({ do: 'wait' as const, minutes })) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (story) => {
        const { userId, app, usedCode, recoveryCodes } = await enrol(world);
        const model = new Model();
        let accepted = usedCode;
        for (const next of story) {
          if (next.do === 'wait') {
            await letPass(world, userId, next.minutes);
            model.wait(next.minutes);
            continue;
          }
          const expected = model.expected(next.do);
          if (next.do === 'right' && expected === 'OK') await allowUsedCodes(world, userId);
          const right = app.code();
          const code = {
            guess: app.wrong(),
            nonsense: 'abcd efgh',
            replay: accepted,
            right,
            recovery: recoveryCodes[0] ?? 'used them all',
          }[next.do];
          expect(await reasonOf(check(userId, code))).toBe(expected);
          if (expected === 'OK' && next.do === 'right') accepted = right;
          if (expected === 'OK' && next.do === 'recovery') recoveryCodes.shift();
        }
      }),
      { numRuns: 25 },
    );
  });
});
