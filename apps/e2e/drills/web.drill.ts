import type { Page } from 'playwright-core';
import { eventually } from '@fowergram/testing';
import { type Network, startNetwork } from '../src/network.js';
import { postPhoto, signUpTestUser } from '../src/test-users.js';
import { memoryOf, msUntilLiked, scrollToPost } from '../src/web/measure.js';
import { goTo, type OpenWeb, openWeb, postWith, share, type Visitor } from '../src/web/open-web.js';

const SOON = { timeout: 60_000 };
const TIMEOUT_MS = 900_000;
const POSTS = 500;
const MB = 1_048_576;
const OFFLINE_MS = 30_000;
const ASLEEP_MS = 120_000;

/** The web app as laptops and trains treat it, and in a long feed. docs/web.md says what was measured. */
describe('The web app', () => {
  let network: Network;
  let web: OpenWeb;
  let ann: Visitor;
  let bo: Visitor;

  beforeAll(async () => {
    web = await openWeb(async (origin) => {
      network = await startNetwork({ extra: { gateway: { WEBSITE_DOMAIN: origin, RATE_LIMIT_FACTOR: '1000' } } });
      const url = `http://localhost:${new URL(network.url).port}`;
      return { url, pictureUrl: network.stack.objectStore.publicUrl, stop: network.stop };
    });
    ann = await web.signUp('ann');
    bo = await web.signUp('bo');
  }, TIMEOUT_MS);
  afterAll(() => web?.stop(), TIMEOUT_MS);

  const passed = (page: Page, ms: number) => page.evaluate(`new Promise((resolve) => setTimeout(resolve, ${ms}))`);
  const postsOf = async (visitor: Visitor) => {
    const page = await visitor.page.context().newPage();
    await page.goto(`${web.url}/u/${visitor.username}`);
    const count = await page.locator('.counts b').first().textContent(SOON);
    await page.close();
    return Number(count);
  };

  it('ends with exactly one post when the network is lost for 30 s while it posts', async () => {
    const { page } = ann;
    await share(page, 'Through a tunnel', { before: () => page.context().setOffline(true) });
    await page.getByText('You are offline').waitFor();
    await web.line.cut();
    await passed(page, OFFLINE_MS);
    await web.line.restore();
    await page.context().setOffline(false);
    await postWith(page, 'Through a tunnel').waitFor(SOON);
    expect(await postsOf(ann)).toBe(1);
  }, 180_000);

  it('ends with exactly one post when the line is cut at any moment of it', async () => {
    const { page } = bo;
    await share(page, 'Over hills');
    for (let cuts = 0; cuts < 10; cuts++) {
      await web.line.cut();
      await passed(page, 100);
      await web.line.restore();
      await passed(page, 200);
    }
    await postWith(page, 'Over hills').waitFor(SOON);
    expect(await postsOf(bo)).toBe(1);
  }, 180_000);

  it('shows what was liked while the laptop was asleep for two minutes', async () => {
    web.line.silence();
    await passed(ann.page, ASLEEP_MS);
    await web.line.restore();
    await bo.page.goto(`${web.url}/u/${ann.username}`);
    await bo.page.getByRole('link', { name: 'Hills under a low sun' }).click();
    await bo.page.getByRole('button', { name: 'Like, 0 likes' }).click();
    await postWith(ann.page, 'Through a tunnel').getByRole('button', { name: 'Like, 1 like' }).waitFor(SOON);
  }, 300_000);

  describe('with 500 posts in the feed', () => {
    let reader: Visitor;

    beforeAll(async () => {
      const author = await signUpTestUser(network, 'author');
      for (let index = 1; index <= POSTS; index++) await postPhoto(author, `Post ${index}.`);
      reader = await web.signUp('reader');
      await reader.page.goto(`${web.url}/u/${author.username}`);
      await reader.page.getByRole('button', { name: /^Follow/ }).click();
      await reader.page.getByRole('button', { name: /^Unfollow/ }).waitFor();
      await goTo(reader.page, 'Home');
      await postWith(reader.page, `Post ${POSTS}.`).waitFor(SOON);
    }, TIMEOUT_MS);

    it('takes a like within 1.5 s of being opened, on a processor that is slowed four times', async () => {
      const times = [];
      for (let round = 0; round < 3; round++) times.push(await msUntilLiked(reader.page, web.url, 4));
      process.stderr.write(`The feed took a like after ${times.map(Math.round).join(', ')} ms\n`);
      expect(Math.min(...times)).toBeLessThan(1_500);
    });

    it(
      'holds as many elements and as much memory after 500 posts as after 50',
      async () => {
        await reader.page.goto(web.url);
        await scrollToPost(reader.page, `Post ${POSTS - 50}.`);
        const early = await memoryOf(reader.page);
        await scrollToPost(reader.page, 'Post 1.');
        const late = await memoryOf(reader.page);
        process.stderr.write(`After 50 posts ${JSON.stringify(early)}, after 500 ${JSON.stringify(late)}\n`);
        expect(late.elements).toBeLessThan(early.elements * 1.2);
        expect(late.pictures).toBeLessThanOrEqual(early.pictures + 4);
        expect(late.heapBytes - early.heapBytes).toBeLessThan(4 * MB);
        await eventually(async () => expect(await reader.page.getByText('You have seen everything.').count()).toBe(1));
      },
      TIMEOUT_MS,
    );
  });
});
