import type { Page } from 'playwright-core';
import { eventually } from '@fowergram/testing';
import { postWith } from './open-web.js';

/** Likes the first post as soon as there is one, and notes when the page has shown that. */
const LIKE_THE_FIRST = `(() => {
  const observer = new MutationObserver(() => {
    const button = document.querySelector('.like');
    if (!button) return;
    observer.disconnect();
    const before = button.getAttribute('aria-pressed');
    const wait = () => {
      const now = document.querySelector('.like');
      if (now && now.getAttribute('aria-pressed') !== before) return void (window.likedAfter = performance.now());
      now?.click();
      requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  });
  observer.observe(document, { childList: true, subtree: true });
})()`;

/** How long after it was asked for the feed takes a like, on a processor that is so many times slower. */
export async function msUntilLiked(page: Page, url: string, slowedTimes: number): Promise<number> {
  const other = await page.context().newPage();
  const devTools = await page.context().newCDPSession(other);
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowedTimes });
  await other.addInitScript(LIKE_THE_FIRST);
  await other.goto(url, { waitUntil: 'commit' });
  // The page's policy refuses what Playwright polls with.
  const ms = await eventually(() => other.evaluate<number | false>('window.likedAfter ?? false'));
  await other.close();
  return Number(ms);
}

/** Scrolls down until a post is in the page. */
export async function scrollToPost(page: Page, caption: string): Promise<void> {
  while ((await postWith(page, caption).count()) === 0) {
    await page.mouse.wheel(0, 2_000);
    await eventually(() =>
      page.evaluate('document.querySelector("[role=feed]").getAttribute("aria-busy") === "false"'),
    );
  }
}

/** What a page holds after its garbage is collected. */
export async function memoryOf(page: Page): Promise<{ elements: number; pictures: number; heapBytes: number }> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('HeapProfiler.enable');
  await devTools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devTools.send('Runtime.getHeapUsage');
  await devTools.detach();
  const [elements, pictures] = (await page.evaluate(
    '[document.querySelectorAll("*").length, document.images.length]',
  )) as [number, number];
  return { elements, pictures, heapBytes: usedSize };
}
