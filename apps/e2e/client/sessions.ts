import { Secret, TOTP } from 'otpauth';
import type { FowergramError, Tokens } from '@fowergram/client';
import { me, revokeOtherSessions } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { openClient, type Scene, type SignedUp, signedUp } from './scene.js';

const refreshesOf = ({ sent }: Pick<SignedUp, 'sent'>) =>
  sent.filter(({ path }) => path === '/auth/session/refresh').length;
/** A place for tokens that a test looks into. */
function tokenStore() {
  const kept: { tokens: Tokens | null } = { tokens: null };
  return { kept, store: { get: () => kept.tokens, set: (tokens: Tokens | null) => void (kept.tokens = tokens) } };
}
/** A token that the server refuses, as one that has expired. */
const expire = (kept: { tokens: Tokens | null }) => (kept.tokens = { ...kept.tokens!, access: 'expired' });

export function sessionTests(scene: () => Scene): void {
  describe('a session of the client', () => {
    it('begins with the sign-up, ends with the sign-out, and begins again', async () => {
      const { client, email, password, username } = await signedUp(scene());
      const changes: boolean[] = [];
      client.session.onChange((isSignedIn) => changes.push(isSignedIn));
      await client.session.signOut();
      await expect(client.request(me)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await client.session.signIn(email, password);
      expect((await client.request(me)).me!.username).toBe(username);
      expect(changes).toEqual([false, true]);
    });

    it('says beside each field of the form what is wrong with it', async () => {
      const { client } = openClient(scene());
      const error = await client.session.signUp('nobody', 'short', 'a').catch((thrown: unknown) => thrown);
      expect(Object.keys((error as FowergramError).details.fields!).sort()).toEqual(['email', 'password', 'username']);
      await expect(client.session.signIn('nobody@users.test', 'wrong horse 1')).rejects.toMatchObject({
        code: 'WRONG_CREDENTIALS',
      });
    });

    it('is refreshed once for all requests that wait', async () => {
      const { kept, store } = tokenStore();
      const one = await signedUp(scene(), { tokens: store });
      expire(kept);
      const answers = await Promise.all(Array.from({ length: 5 }, () => one.client.request(me)));
      expect(answers.map((answer) => answer.me?.username)).toEqual(Array(5).fill(one.username));
      expect(refreshesOf(one)).toBe(1);
    });

    it('is refreshed again with the same token when the answer was lost', async () => {
      const { kept, store } = tokenStore();
      const one = await signedUp(scene(), { tokens: store });
      expire(kept);
      one.onSend = (path) => {
        if (path !== '/auth/session/refresh') return;
        scene().proxy.cutNextAnswer();
        one.onSend = undefined;
      };
      expect((await one.client.request(me)).me!.username).toBe(one.username);
      expect(refreshesOf(one)).toBe(2);
    });

    it('that was ended elsewhere is over, and says so once', async () => {
      const { client, email, password } = await signedUp(scene());
      const elsewhere = openClient(scene()).client;
      await elsewhere.session.signIn(email, password);
      await elsewhere.request(revokeOtherSessions);
      const changes: boolean[] = [];
      client.session.onChange((isSignedIn) => changes.push(isSignedIn));
      await expect(client.request(me)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
      expect(await client.session.isSignedIn()).toBe(false);
      expect(changes).toEqual([false]);
    });

    it('is kept when the server cannot be reached for its refresh', async () => {
      const { kept, store } = tokenStore();
      const { client, username } = await signedUp(scene(), {
        tokens: store,
        attempts: { giveUpAfterMs: 300, firstDelayMs: 50 },
      });
      expire(kept);
      await scene().proxy.cut();
      await expect(client.request(me)).rejects.toMatchObject({ code: 'NETWORK' });
      await scene().proxy.restore();
      await eventually(async () => (await client.request(me)).me!.username === username);
    });

    it('asks for the second factor, and goes on with its code', async () => {
      const { client, email, password, username } = await signedUp(scene());
      const { secret } = await client.session.secondFactor<{ secret: string }>('enrol', { password });
      const code = (step: number) =>
        new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });
      await client.session.secondFactor('confirm', { code: code(0) });
      const phone = openClient(scene()).client;
      await phone.session.signIn(email, password);
      await expect(phone.request(me)).rejects.toMatchObject({ code: 'FORBIDDEN', reason: 'SECOND_FACTOR' });
      await expect(phone.session.secondFactor('verify', { code: '000000' })).rejects.toMatchObject({
        reason: 'WRONG_CODE',
      });
      await phone.session.secondFactor('verify', { code: code(1) });
      expect((await phone.request(me)).me!.username).toBe(username);
    });
  });
}
