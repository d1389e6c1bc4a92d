import { document, type QueueEvent, type QueueStorage } from '@fowergram/client';
import { createComment, type CreateCommentVariables, postComments } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { type Scene, type SignedUp, signedUp } from './scene.js';

/** A storage that may be full, and is read by every tab. */
function storage(limit = Infinity): QueueStorage & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > limit) throw new Error('QuotaExceededError');
      values.set(key, value);
    },
  };
}

export function queueTests(scene: () => Scene): void {
  const textsOf = async ({ client, id }: SignedUp): Promise<string[]> => {
    const { post } = await client.request(postComments, { id: await scene().postId(), first: 50, order: 'OLDEST' });
    return post!.comments.edges.filter(({ node }) => node.author.id === id).map(({ node }) => node.text);
  };
  const comment = async (text: string): Promise<CreateCommentVariables> => ({
    input: { postId: await scene().postId(), text },
  });

  describe('the queue of the client', () => {
    it('sends what was added while the network was away, after a reload, in two tabs, in order and once', async () => {
      const [one, kept] = [await signedUp(scene()), storage()];
      const before = one.client.queue({ storage: kept, userId: one.id });
      await scene().proxy.cut();
      for (const text of ['first', 'second', 'third']) await before.add(createComment, await comment(text));
      before.close();
      const [left, right] = [1, 2].map(() => one.client.queue({ storage: kept, userId: one.id }));
      await scene().proxy.restore();
      await eventually(async () => (await left!.list()).length === 0);
      expect(await textsOf(one)).toEqual(['first', 'second', 'third']);
      left!.close();
      right!.close();
    });

    it('sends once what was sent before the reload and whose answer was lost', async () => {
      const [one, kept] = [await signedUp(scene()), storage()];
      const before = one.client.queue({ storage: kept, userId: one.id });
      await eventually(() => one.sent.length > 1);
      const keyed = () => one.sent.filter(({ headers }) => headers['idempotency-key']).length;
      const postId = await scene().postId();
      const earlier = keyed();
      one.onSend = () => {
        if (keyed() === earlier + 1) scene().proxy.cutNextAnswer();
        // The second sending never leaves: the page is gone.
        if (keyed() === earlier + 2) before.close();
      };
      await before.add(createComment, { input: { postId, text: 'only once' } });
      await eventually(() => keyed() === earlier + 2);
      one.onSend = undefined;
      const after = one.client.queue({ storage: kept, userId: one.id });
      await eventually(async () => (await after.list()).length === 0);
      expect(await textsOf(one)).toEqual(['only once']);
      after.close();
    });

    it('takes nothing that its storage has no room for, and says so', async () => {
      const one = await signedUp(scene());
      const queue = one.client.queue({ storage: storage(100), userId: one.id });
      await expect(queue.add(createComment, await comment('too much'))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
      expect(await queue.list()).toEqual([]);
      queue.close();
    });

    it('keeps what a server of another version refuses, and goes on with the rest', async () => {
      const [one, events] = [await signedUp(scene()), [] as QueueEvent[]];
      const queue = one.client.queue({ storage: storage(), userId: one.id, onEvent: (event) => events.push(event) });
      await queue.add(document('mutation { applaud(postId: "1") { id } }'), {});
      await queue.add(createComment, await comment('goes on'));
      await eventually(() => events.length === 2);
      expect(events).toMatchObject([{ kind: 'FAILED', error: { code: 'BAD_USER_INPUT' } }, { kind: 'SENT' }]);
      const [failed] = await queue.list();
      expect(failed).toMatchObject({ state: 'FAILED', error: { code: 'BAD_USER_INPUT' } });
      await queue.discard(failed!.id);
      expect(await queue.list()).toEqual([]);
      queue.close();
    });

    it('sends nothing as somebody else', async () => {
      const [one, other] = [await signedUp(scene()), await signedUp(scene())];
      const queue = other.client.queue({ storage: storage(), userId: one.id });
      const { length } = other.sent;
      await queue.add(createComment, await comment('of another'));
      await eventually(() => other.sent.length > length);
      expect(other.sent.filter(({ headers }) => headers['idempotency-key'])).toEqual([]);
      expect(await queue.list()).toHaveLength(1);
      queue.close();
    });

    it('gives back what was sent so long ago that its key may be gone', async () => {
      const [one, kept, events] = [await signedUp(scene()), storage(), [] as QueueEvent[]];
      const sentAt = Date.now() - 21 * 60 * 60_000;
      const entry = {
        id: 'k1',
        text: createComment.toString(),
        variables: await comment('old'),
        state: 'WAITING',
        sentAt,
      };
      kept.values.set(`fowergram.queue.1 ${one.id}`, JSON.stringify([entry]));
      const queue = one.client.queue({ storage: kept, userId: one.id, onEvent: (event) => events.push(event) });
      await eventually(() => events.length === 1);
      expect(events).toMatchObject([{ kind: 'FAILED', error: { code: 'OUTCOME_UNKNOWN' } }]);
      expect(await textsOf(one)).toEqual([]);
      queue.close();
    });

    it('sets aside what it cannot read, and loses nothing of it', async () => {
      const [one, kept, events] = [await signedUp(scene()), storage(), [] as QueueEvent[]];
      kept.values.set(`fowergram.queue.1 ${one.id}`, '[{"id":"k1","tex');
      const queue = one.client.queue({ storage: kept, userId: one.id, onEvent: (event) => events.push(event) });
      await eventually(() => events.length === 1);
      expect(events).toEqual([{ kind: 'UNREADABLE' }]);
      expect(kept.values.get(`fowergram.queue.1 ${one.id}.unreadable`)).toBe('[{"id":"k1","tex');
      queue.close();
    });
  });
}
