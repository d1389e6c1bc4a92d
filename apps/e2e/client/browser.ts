import type { Page } from 'playwright-core';
import { createComment, userPosts } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { A_DAY_MS, type App, BrowserTabs } from './browser-tabs.js';
import { openClient, type Scene, signedUp } from './scene.js';

export function browserTests(scene: () => Scene): void {
  describe('the client in Chromium, whose clock is a day ahead', () => {
    const tabs = new BrowserTabs(scene);
    beforeAll(() => tabs.start());
    afterAll(() => tabs.stop());
    beforeEach(() => tabs.open());
    afterEach(async () => {
      await scene().proxy.restore();
      await tabs.close();
    });

    const nameIn = (page: Page): Promise<string | undefined> =>
      page.evaluate(async () => {
        const { client, app } = globalThis as App;
        return (await client.request(app.operations.me)).me?.username as string | undefined;
      });
    const isSignedIn = (page: Page): Promise<boolean> =>
      page.evaluate(() => (globalThis as App).client.session.isSignedIn());

    it('has one session in two tabs, refreshes it once, and ends it in both', () => sharesItsSession());

    it('does the same when its clock is a day behind', async () => {
      await tabs.close();
      await tabs.open(-A_DAY_MS);
      await sharesItsSession();
    });

    async function sharesItsSession(): Promise<void> {
      const [left, right] = [await tabs.tab(), await tabs.tab()];
      const { username } = await tabs.signUp(left);
      expect(await isSignedIn(left)).toBe(true);
      await eventually(() => isSignedIn(right));
      await tabs.expire();
      expect(await Promise.all([left, right, left, right].map(nameIn))).toEqual(Array(4).fill(username));
      // One for each tab at most: a browser promises a tab no moment by which it sees what another one wrote.
      expect([1, 2]).toContain(tabs.count('/auth/session/refresh'));
      await right.evaluate(() => {
        const heard: boolean[] = ((globalThis as App).heard = []);
        (globalThis as App).client.session.onChange((isOn: boolean) => heard.push(isOn));
      });
      await left.evaluate(() => (globalThis as App).client.session.signOut());
      await eventually(() => right.evaluate(() => (globalThis as App).heard.length === 1));
      expect(await right.evaluate(() => (globalThis as App).heard as boolean[])).toEqual([false]);
      expect(await isSignedIn(right)).toBe(false);
    }

    it('hands on what a server of another version answers, and repeats under one key what that refuses for a while', async () => {
      const page = await tabs.tab();
      const answers = [
        { status: 503, body: '{"errors":[{"message":"No","extensions":{"code":"MAINTENANCE"}}]}' },
        { status: 200, body: '{"data":{"likePost":{"id":"post_1","mo' },
        { status: 200, body: '{"data":{"likePost":{"id":"post_1","mood":"SUNNY"}},"extensions":{"cost":1}}' },
      ];
      const headers = {
        'access-control-allow-origin': scene().pages.origin,
        'access-control-allow-credentials': 'true',
        'content-type': 'application/json',
      };
      await page.route(
        ({ pathname }) => pathname === '/graphql',
        (route) => route.fulfill({ headers, ...answers.shift()! }),
      );
      const data = await page.evaluate(() => {
        const { client, app } = globalThis as App;
        return client.request(app.operations.likePost, { postId: 'post_1' }) as Promise<object>;
      });
      expect(data).toEqual({ likePost: { id: 'post_1', mood: 'SUNNY' } });
      const likes = tabs.sent.filter(({ body }) => body.includes('likePost('));
      expect([likes.length, new Set(likes.map(({ key }) => key)).size]).toEqual([3, 1]);
    });

    it('uploads with progress after a break, and makes one post though the answer was cut', async () => {
      const page = await tabs.tab();
      const { username } = await tabs.signUp(page);
      let forms = 0;
      await page.route(
        (url) => !['/graphql', '/'].includes(url.pathname) && !/^\/(auth|app)/.test(url.pathname),
        (route) => (route.request().method() === 'POST' && forms++ === 0 ? route.abort() : route.continue()),
      );
      scene().proxy.cutNextAnswer(60, 'createPost(');
      const shares = await page.evaluate(async () => {
        const { client, app, document } = globalThis as App;
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
        canvas.getContext('2d').fillRect(0, 0, 320, 240);
        const file = await new Promise<Blob>((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
        const seen: number[] = [];
        const { id } = await client.upload(file, { onProgress: (share: number) => seen.push(share) });
        await client.request(app.operations.createPost, { input: { caption: 'From a page', mediaIds: [id] } });
        return seen;
      });
      expect([forms > 1, shares.at(0), shares.at(-1)]).toEqual([true, 0, 1]);
      const creating = tabs.sent.filter(({ body }) => body.includes('createPost('));
      expect(creating.length).toBeGreaterThan(1);
      expect(new Set(creating.map(({ key }) => key)).size).toBe(1);
      const { user } = await openClient(scene()).client.request(userPosts, { username, first: 10 });
      expect(user!.posts.edges).toHaveLength(1);
    });

    it('hears of everything once and in order, also of what came while its sockets were cut', async () => {
      const page = await tabs.tab();
      const { username } = await tabs.signUp(page);
      const [other, postId] = [await signedUp(scene(), { url: scene().network.url }), await scene().postId()];
      const say = (text: string) =>
        other.client.request(createComment, { input: { postId, text: `@${username} ${text}` } });
      await page.evaluate(() => {
        const heard: string[] = ((globalThis as App).heard = []);
        void (async () => {
          for await (const { notification } of (globalThis as App).client.notifications())
            heard.push(notification.comment.text.split(' ').at(-1));
        })();
      });
      const heard = () => page.evaluate(() => (globalThis as App).heard as string[]);
      await say('one');
      await eventually(async () => (await heard()).length === 1);
      await tabs.loseNetwork();
      await say('two');
      await say('three');
      await tabs.findNetwork();
      await eventually(async () => (await heard()).length === 3);
      expect(await heard()).toEqual(['one', 'two', 'three']);
    });
  });
}
