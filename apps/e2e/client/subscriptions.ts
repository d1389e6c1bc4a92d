import { document, type FowergramClient, type NotificationEvent } from '@fowergram/client';
import { createComment, revokeOtherSessions } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { openClient, type Scene, signedUp } from './scene.js';

/** The texts of the comments that a client is notified of, as they come. */
function watch(client: FowergramClient, after?: string) {
  const watched = {
    texts: [] as string[],
    cursor: after,
    events: [] as NotificationEvent[],
    error: undefined as unknown,
  };
  const ending = new AbortController();
  const run = async () => {
    for await (const event of client.notifications({ signal: ending.signal, ...(after && { after }) })) {
      watched.events.push(event);
      watched.cursor = event.cursor ?? undefined;
      if (event.kind === 'NEW') watched.texts.push(event.notification.comment?.text ?? event.notification.kind);
    }
  };
  const done = run().catch((error: unknown) => (watched.error = error));
  return Object.assign(watched, { stop: () => (ending.abort(), done) });
}

export function subscriptionTests(scene: () => Scene): void {
  /** An author who listens, and what makes others comment the author's post. */
  async function listening() {
    const { client, ...author } = await signedUp(scene());
    const [other, postId] = [await signedUp(scene(), { url: scene().network.url }), await scene().postOf(client)];
    const say = (text: string) => other.client.request(createComment, { input: { postId, text } });
    const watched = watch(client);
    // The first one is missed by nobody, whenever the subscription has begun.
    await say('0');
    await eventually(() => watched.texts.includes('0'));
    return { client, author, watched, say };
  }

  describe('notifications of the client', () => {
    it('come each once and in order when the connection is cut, also in between', async () => {
      const { watched, say, client } = await listening();
      for (const round of [1, 2]) {
        await scene().proxy.cut();
        await say(`${round} while away`);
        await say(`${round} while away, too`);
        await scene().proxy.restore();
        await eventually(() => watched.texts.at(-1) === `${round} while away, too`);
      }
      expect(watched.texts).toEqual(['0', '1 while away', '1 while away, too', '2 while away', '2 while away, too']);
      await watched.stop();
      await client.close();
    });

    it('come each once when the line goes silent, as it does while a laptop sleeps', async () => {
      const { watched, say, client } = await listening();
      scene().proxy.silence();
      await say('while asleep');
      client.checkConnection();
      // The client finds out by itself that nobody answers, and tries another socket.
      await eventually(() => scene().proxy.connectedInSilence > 0);
      await scene().proxy.restore();
      await eventually(() => watched.texts.length === 2);
      expect(watched.texts).toEqual(['0', 'while asleep']);
      await watched.stop();
      await client.close();
    });

    it('go on when the token of the socket expires', async () => {
      const { watched, say, author, client } = await listening();
      const refreshes = () => author.sent.filter(({ path }) => path === '/auth/session/refresh').length;
      await eventually(() => refreshes() > 0, 20_000);
      await say('with a new token');
      await eventually(() => watched.texts.length === 2);
      expect(watched.texts).toEqual(['0', 'with a new token']);
      await watched.stop();
      await client.close();
    });

    it('begin after the cursor that an app has kept', async () => {
      const { watched, say, client } = await listening();
      await watched.stop();
      await say('after a restart');
      const again = watch(client, watched.cursor);
      await eventually(() => again.texts.length === 1);
      expect(again.texts).toEqual(['after a restart']);
      await again.stop();
      await client.close();
    });

    it('are read as a list where the cursor is none of the server', async () => {
      const { watched, say, client } = await listening();
      await watched.stop();
      const again = watch(client, 'from-before-the-restore');
      await eventually(() => again.events.length === 1);
      expect(again.events[0]).toMatchObject({ kind: 'RELOADED', notifications: [{ comment: { text: '0' } }] });
      await say('and on');
      await eventually(() => again.texts.length === 1);
      await again.stop();
      await client.close();
    });

    it('that a server of another version does not know fail at once, as what cannot be had', async () => {
      const { client } = await signedUp(scene());
      const ofTomorrow = document('subscription { weatherChanged { id } }');
      await expect(client.subscribe(ofTomorrow, {}).next()).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        retryable: false,
      });
      await client.close();
    });

    it('end with UNAUTHENTICATED when the session was ended elsewhere', async () => {
      const { watched, author, client } = await listening();
      const elsewhere = openClient(scene()).client;
      await elsewhere.session.signIn(author.email, author.password);
      await elsewhere.request(revokeOtherSessions);
      await eventually(() => watched.error !== undefined);
      expect(watched.error).toMatchObject({ code: 'UNAUTHENTICATED' });
      await client.close();
    });
  });
}
