import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '@fowergram/testing';
import { freePort } from '../../../../tools/stack/ports.mjs';
import { serveWeb } from '../../../../tools/stack/web.mjs';
import { drawPhoto } from '../photos.js';
import { type InProcessNetwork, startInProcess } from '../network-in-process.js';

const run = promisify(execFile);
const PASSWORD = 'correct horse 1';

export const WIDE = { width: 1_280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** apps/web as `npm start` serves it, all five services, and a browser. */
export interface OpenWeb {
  network: InProcessNetwork;
  browser: Browser;
  url: string;
  /** A browser of its own, at the first page. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  /** Somebody new, who has signed up by the form. */
  signUp(name: string, options?: BrowserContextOptions): Promise<{ page: Page; username: string; email: string }>;
  stop(): Promise<void>;
}

export async function openWeb(): Promise<OpenWeb> {
  // Vite has a process of its own: Jest would run it with its loader.
  await run(process.execPath, ['tools/build/web.mjs'], { env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' } });
  const port = await freePort();
  const network = await startInProcess({ extra: { gateway: { WEBSITE_DOMAIN: `http://localhost:${port}` } } });
  const web = await serveWeb({ port, apiUrl: network.url, pictureUrl: network.objects.endpoint });
  const browser = await startBrowser();
  const visit = async (options: BrowserContextOptions = {}) => {
    const page = await (await browser.newContext({ viewport: WIDE, ...options })).newPage();
    await page.goto(web.url);
    return page;
  };
  return {
    network,
    browser,
    url: web.url,
    visit,
    signUp: async (name, options) => {
      const page = await visit(options);
      const username = `${name}_${randomBytes(3).toString('hex')}`;
      const email = `${username}@users.test`;
      await page.getByRole('button', { name: 'Sign up' }).click();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign up' }).click();
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      return { page, username, email };
    },
    stop: async () => {
      await browser.close();
      await web.close();
      await network.stop();
    },
  };
}

/** Signs in by the form. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Goes where the main navigation leads. */
export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

/** Fills in the page of a new post, and shares it. */
export async function share(page: Page, caption: string, seed = 3): Promise<void> {
  await goTo(page, 'New post');
  const buffer = await drawPhoto({ seed });
  await page.getByLabel('Choose a photo').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByLabel('Caption').fill(caption);
  await page.getByLabel('Alt text').fill('Hills under a low sun');
  await page.getByRole('button', { name: 'Share' }).click();
}

/** A post in the feed. */
export const postWith = (page: Page, caption: string) => page.getByRole('article').filter({ hasText: caption });
