import { eventually } from '@fowergram/testing';
import { AuthLimitsService } from '../../../src/auth/limits/auth-limits.service.js';
import { accountKey } from '../../../src/auth/limits/keys.rules.js';
import {
  aName,
  anEmail,
  type Answer,
  count,
  type LimitedWorld,
  OK,
  openLimitedWorld,
  REFUSED,
  RIGHT,
  signInForm,
  times,
  WRONG_CREDENTIALS,
} from '../../support/limited-world.js';
import { failureBody } from '../../support/failure-body.js';
import { anAddress, type TestUser, signUpForm } from '../../support/world.js';

describe('abuse limits', () => {
  let limited: LimitedWorld;

  beforeAll(async () => {
    limited = await openLimitedWorld();
  });
  afterAll(() => limited?.close());

  describe('on guessing a password', () => {
    let ann: TestUser;
    beforeEach(async () => {
      ann = await limited.world.signUp();
    });

    it('ten wrong ones from one address are heard, then none, and the right one neither', async () => {
      const from = anAddress();
      for (let round = 0; round < 10; round++)
        expect(await limited.signIn(ann.email, 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      const response = await limited.world.post('/auth/signin', signInForm(ann.email, RIGHT), {
        'x-forwarded-for': from,
      });
      const body = (await response.json()) as Answer;
      expect([response.status, body]).toEqual([
        429,
        failureBody({ code: 'RATE_LIMITED', message: expect.any(String), retryAfterSeconds: expect.any(Number) }),
      ]);
      expect(response.headers.get('retry-after')).toBe(String(body.retryAfterSeconds));
      expect(body.retryAfterSeconds).toBeGreaterThan(800);
      expect(body.retryAfterSeconds).toBeLessThanOrEqual(900);
      expect(await limited.redis.get(`limit:sign-in.address.failures:${from}`)).toBe('10');
      expect(await limited.signIn(ann.email, RIGHT)).toEqual(OK);
    });

    it('of forty at the same time no more are tried', async () => {
      const from = anAddress();
      const answers = await times(40, (index) => limited.signIn(ann.email, `wrong-${index}`, from));
      expect([count(answers, WRONG_CREDENTIALS), count(answers, REFUSED)]).toEqual([10, 30]);
    });

    it('another spelling of the address is the same account', async () => {
      const from = anAddress();
      await limited.used('sign-in.pair.failures', `${accountKey(ann.email)}:${from}`, 10);
      for (const spelling of [
        ` ${ann.email.toUpperCase()} `,
        ann.email.replace('@', '+x@'),
        ann.email.replace('p', 'ｐ'),
      ])
        expect(await limited.signIn(spelling, RIGHT, from)).toEqual(REFUSED);
    });

    it('of fifty addresses ends for the account, but not on the phone that its owner uses', async () => {
      const phone = anAddress();
      expect(await limited.signIn(ann.email, RIGHT, phone)).toEqual(OK);
      await limited.used('sign-in.account.failures', accountKey(ann.email), 20);
      for (let batch = 0; batch < 3; batch++)
        expect(count(await times(10, () => limited.signIn(ann.email, 'wrong')), WRONG_CREDENTIALS)).toBe(10);
      expect(await limited.signIn(ann.email, 'wrong')).toEqual(REFUSED);
      expect(await limited.signIn(ann.email, RIGHT)).toEqual(REFUSED);
      expect(await limited.signIn(ann.email, RIGHT, phone)).toEqual(OK);
    });

    it('from an address is not spared for an account that is merely spelled alike', async () => {
      const from = anAddress();
      const twin = ann.email.replace('@', '+x@');
      expect(await limited.send('/auth/signup', signUpForm(aName(), twin), from)).toEqual(OK);
      await limited.used('sign-in.account.failures', accountKey(ann.email), 50);
      expect(await limited.signIn(ann.email, RIGHT, from)).toEqual(REFUSED);
      expect(await limited.signIn(twin, RIGHT, from)).toEqual(OK);
    });

    it('of fifty thousand accounts ends for the address, and one good account of their own does not help', async () => {
      const from = anAddress();
      await limited.used('sign-in.address.failures', from, 98);
      expect(await limited.signIn(anEmail(), 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      expect(await limited.signIn(ann.email, RIGHT, from)).toEqual(OK);
      expect(await limited.signIn(anEmail(), 'wrong', from)).toEqual(WRONG_CREDENTIALS);
      expect(await limited.signIn(anEmail(), 'wrong', from)).toEqual(REFUSED);
      expect(await limited.signIn(ann.email, RIGHT, from)).toEqual(REFUSED);
    });

    it('an address that is over its limit uses up nothing of its victims', async () => {
      const from = anAddress();
      await limited.used('sign-in.address.failures', from, 100);
      await times(60, () => limited.signIn(ann.email, 'wrong', from));
      expect(Number(await limited.redis.get(`limit:sign-in.account.failures:${accountKey(ann.email)}`))).toBe(0);
    });

    it('who knows the password may come as often as they like', async () => {
      const from = anAddress();
      for (let round = 0; round < 12; round++) expect(await limited.signIn(ann.email, RIGHT, from)).toEqual(OK);
    });

    it('an unknown account is answered as a known one is, to the last word', async () => {
      const seen = await Promise.all(
        [ann.email, anEmail()].map(async (email) => {
          const from = anAddress();
          await limited.used('sign-in.pair.failures', `${accountKey(email)}:${from}`, 9, 777);
          const answers = [];
          for (let round = 0; round < 2; round++) {
            const response = await limited.world.post('/auth/signin', signInForm(email, 'wrong'), {
              'x-forwarded-for': from,
              'x-correlation-id': 'one-and-the-same',
            });
            answers.push([
              response.status,
              [...response.headers.keys()].sort(),
              (await response.text()).replace(/"retryAfterSeconds":7\d\d/g, ''),
            ]);
          }
          return answers;
        }),
      );
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]!.map(([status]) => status)).toEqual([200, 429]);
    });

    it('refused attempts prolong nothing, and after the window the right password works', async () => {
      const from = anAddress();
      const key = `${accountKey(ann.email)}:${from}`;
      await limited.used('sign-in.pair.failures', key, 10, 100);
      await times(5, () => limited.signIn(ann.email, 'wrong', from));
      expect(await limited.redis.ttl(`limit:sign-in.pair.failures:${key}`)).toBeLessThanOrEqual(100);
      expect(Number(await limited.redis.get(`limit:sign-in.pair.failures:${key}`))).toBe(10);
      await limited.redis.pexpire(`limit:sign-in.pair.failures:${key}`, 1);
      await eventually(async () => (await limited.redis.exists(`limit:sign-in.pair.failures:${key}`)) === 0);
      expect(await limited.signIn(ann.email, RIGHT, from)).toEqual(OK);
    });

    it('a point that comes back after the window makes no credit', async () => {
      const limits = limited.world.app.get(AuthLimitsService);
      const held = await limits.take('sign-in', { account: ann.email, address: '192.0.2.77' });
      const names = held.map(({ limit, key }) => `limit:${limit.name}:${key}`);
      await limited.redis.del(names);
      await limits.release(held, 'success');
      expect(await limited.redis.exists(names)).toBe(0);
    });
  });

  it('leave no address of anybody in Redis, and nothing there that does not expire', async () => {
    const ann = await limited.world.signUp();
    await limited.signIn(ann.email, 'wrong');
    await limited.send('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: ann.email }] });
    const keys = await limited.redis.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) {
      expect(`${key} ${await limited.redis.get(key)}`).not.toMatch(/example|p_[0-9a-f]{12}/);
      expect(await limited.redis.ttl(key)).toBeGreaterThan(0);
    }
  });
});
