import { mailRpc } from '@fowergram/contracts-notification';
import { accountKey } from '../../../src/auth/limits/keys.rules.js';
import {
  aName,
  anEmail,
  count,
  type LimitedWorld,
  OK,
  openLimitedWorld,
  REFUSED,
  RIGHT,
  times,
} from '../../support/limited-world.js';
import { anAddress, signUpForm } from '../../support/world.js';

describe('abuse limits', () => {
  let limited: LimitedWorld;

  beforeAll(async () => {
    limited = await openLimitedWorld();
  });
  afterAll(() => limited?.close());

  describe('on mails', () => {
    const askForReset = (email: string, from?: string) =>
      limited.send('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] }, from);
    const askForCode = (email: string, from?: string) => limited.send('/auth/signinup/code', { email }, from);

    it('nobody gets more than five links an hour, however many addresses ask; the owner at home still does', async () => {
      const home = anAddress();
      const ann = await limited.world.signUp();
      expect(await limited.signIn(ann.email, RIGHT, home)).toEqual(OK);
      limited.world.clearCalls();
      const answers = await times(8, () => askForReset(ann.email));
      expect([count(answers, OK), count(answers, REFUSED)]).toEqual([5, 3]);
      expect(limited.world.callsOf(mailRpc.send)).toHaveLength(5);
      expect(count(await times(8, () => askForReset(ann.email, home)), OK)).toBe(5);
    });

    it('one address asks for twenty users at most', async () => {
      const from = anAddress();
      await limited.used('reset-request.address.attempts', from, 19);
      expect(await askForReset(anEmail(), from)).toEqual(OK);
      expect(await askForReset(anEmail(), from)).toEqual(REFUSED);
    });

    it('one address asks for five codes for one user at most', async () => {
      const [email, from] = [anEmail(), anAddress()];
      await limited.used('code-request.pair.attempts', `${accountKey(email)}:${from}`, 4);
      expect([await askForCode(email, from), await askForCode(email, from), await askForCode(email)]).toEqual([
        OK,
        REFUSED,
        OK,
      ]);
    });

    it('codes are limited as links are, and each of them can be sent again three times', async () => {
      const email = anEmail();
      const response = await limited.world.post('/auth/signinup/code', { email });
      const { deviceId, preAuthSessionId } = (await response.json()) as Record<string, string>;
      expect(count(await times(6, () => askForCode(email)), OK)).toBe(4);
      expect(
        count(
          await times(5, () => limited.send('/auth/signinup/code/resend', { deviceId, preAuthSessionId })),
          REFUSED,
        ),
      ).toBe(2);
      expect(await limited.send('/auth/signinup/code/resend', { deviceId, preAuthSessionId: 'another' })).toEqual(
        REFUSED,
      );
    });

    it('one mailbox gets ten verification mails an hour, however many accounts are opened for it; the accounts are made', async () => {
      const email = anEmail();
      await limited.used('mail-to-stranger.account.attempts', accountKey(email), 9);
      limited.world.clearCalls();
      for (const spelling of ['+a@', '+b@', '+c@'])
        expect(await limited.send('/auth/signup', signUpForm(aName(), email.replace('@', spelling)))).toEqual(OK);
      expect(limited.world.callsOf(mailRpc.send).map(({ input }) => input.to)).toEqual([email.replace('@', '+a@')]);
    });

    it('one user asks ten addresses an hour to become theirs', async () => {
      const ann = await limited.world.signUp();
      await limited.used('email-change.account.attempts', accountKey(ann.id), 9);
      limited.world.clearCalls();
      const change = async (newEmail: string) => {
        const { data, errors } = await limited.world.gql(
          'mutation ($newEmail: String!) { changeEmail(input: { newEmail: $newEmail, password: "correct-horse-1" }) { outcome } }',
          { newEmail },
          { as: ann },
        );
        return errors?.[0]?.extensions.code ?? data.changeEmail.outcome;
      };
      const [tenth, more] = [anEmail(), anEmail()];
      expect([await change(tenth), await change(more)]).toEqual(['VERIFICATION_SENT', 'RATE_LIMITED']);
      expect(limited.world.callsOf(mailRpc.send).map(({ input }) => input.to)).toEqual([tenth]);
    });

    it('one account gets five verification mails an hour, and a token that is not its own takes none from it', async () => {
      const ann = await limited.world.signUp();
      const forged = ann.token.replace(/\.[^.]+$/, `.${'A'.repeat(342)}`);
      const ask = (token: string) =>
        limited.send('/auth/user/email/verify/token', {}, anAddress(), { authorization: `Bearer ${token}` });
      expect((await times(8, () => ask(forged))).map(([status]) => status)).toEqual(Array(8).fill(401));
      const answers = await times(7, () => ask(ann.token));
      expect([count(answers, OK), count(answers, REFUSED)]).toEqual([5, 2]);
    });
  });
});
