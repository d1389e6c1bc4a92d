import type { Page } from 'playwright-core';
import { postComments } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { type App, BrowserTabs, type TabUser } from './browser-tabs.js';
import { openClient, type Scene } from './scene.js';

export function browserQueueTests(scene: () => Scene): void {
  describe('the queue of the client in Chromium', () => {
    const tabs = new BrowserTabs(scene);
    beforeAll(() => tabs.start());
    afterAll(() => tabs.stop());
    beforeEach(() => tabs.open());
    afterEach(async () => {
      await scene().proxy.restore();
      await tabs.close();
    });

    const open = (page: Page, userId: string, isIndexed = false) =>
      page.evaluate(
        ([id, inDatabase]) => {
          const { client, app, localStorage } = globalThis as App;
          (globalThis as App).events = [];
          (globalThis as App).queue = client.queue({
            storage: inDatabase ? app.indexedStorage : localStorage,
            userId: id,
            onEvent: ({ kind }: { kind: string }) => (globalThis as App).events.push(kind),
          });
        },
        [userId, isIndexed] as const,
      );
    const add = async (page: Page, texts: string[]) =>
      page.evaluate(
        async ([postId, all]) => {
          const { queue, app } = globalThis as App;
          await Promise.all(all.map((text) => queue.add(app.operations.createComment, { input: { postId, text } })));
        },
        [await scene().postId(), texts] as const,
      );
    const waiting = (page: Page): Promise<number> =>
      page.evaluate(async () => (await (globalThis as App).queue.list()).length as number);
    const textsOf = async ({ id }: TabUser) => {
      const { client } = openClient(scene());
      const { post } = await client.request(postComments, { id: await scene().postId(), first: 50, order: 'OLDEST' });
      return post!.comments.edges.filter(({ node }) => node.author.id === id).map(({ node }) => node.text);
    };
    /** The mutations that were answered, by their keys. */
    const answeredKeys = () =>
      tabs.answered.filter(({ key, path }) => key && path === '/graphql').map(({ key }) => key);

    it.each([
      ['Web Locks, kept in IndexedDB', true],
      ['a lease for want of Web Locks, kept in localStorage', false],
    ])('is one of two tabs with %s: it survives a reload and sends each once', async (_what, withLocks) => {
      await scene().postId();
      const [left, right] = [await tabs.tab({ withLocks }), await tabs.tab({ withLocks })];
      const one = await tabs.signUp(left);
      await Promise.all([left, right].map((page) => open(page, one.id, withLocks)));
      await tabs.loseNetwork();
      const answeredBefore = answeredKeys().length;
      await Promise.all([add(left, ['1', '2', '3']), add(right, ['4', '5', '6'])]);
      await tabs.reload(left);
      await open(left, one.id, withLocks);
      expect([await waiting(left), await waiting(right)]).toEqual([6, 6]);
      await tabs.findNetwork();
      await eventually(async () => (await waiting(right)) === 0);
      const texts = await textsOf(one);
      expect([...texts].sort()).toEqual(['1', '2', '3', '4', '5', '6']);
      expect(texts.filter((text) => text < '4')).toEqual(['1', '2', '3']);
      expect(texts.filter((text) => text > '3')).toEqual(['4', '5', '6']);
      const keys = answeredKeys().slice(answeredBefore);
      expect([keys.length, new Set(keys).size]).toEqual([6, 6]);
    });

    it('says that its storage is full, keeps and sends what it had taken', async () => {
      const page = await tabs.tab();
      const one = await tabs.signUp(page);
      await open(page, one.id);
      await tabs.loseNetwork();
      await add(page, ['taken']);
      const code = await page.evaluate(async () => {
        const { localStorage, queue, app } = globalThis as App;
        for (let size = 2 ** 22; size >= 1; size /= 2)
          try {
            localStorage.setItem(`rest ${size}`, 'x'.repeat(size));
          } catch {
            // So much does not fit any more; half of it may.
          }
        return queue
          .add(app.operations.createComment, { input: { postId: 'p', text: 'too much' } })
          .catch((error: { code: string }) => error.code) as Promise<string>;
      });
      expect([code, await waiting(page)]).toEqual(['STORAGE_FULL', 1]);
      await tabs.findNetwork();
      await eventually(async () => (await waiting(page)) === 0);
      expect(await textsOf(one)).toEqual(['taken']);
    });
  });
}
