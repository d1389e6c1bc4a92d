import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser, TcpProxy } from '@fowergram/testing';
import { freePort } from '../../../../tools/stack/ports.mjs';
import { serveWeb } from '../../../../tools/stack/web.mjs';
import { drawPhoto } from '../photos.js';
import { startInProcess } from '../network-in-process.js';

const run = promisify(execFile);
const PASSWORD = 'correct horse 1';

export const WIDE = { width: 1_280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** What the pages speak with. */
export interface Backend {
  url: string;
  /** Where browsers find the object store. */
  pictureUrl: string;
  /** The link in a mail about something that was sent to somebody. */
  linkMailedTo?(email: string, subject: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** apps/web as `npm start` serves it, a backend behind a line that tests cut, and a browser. */
export interface OpenWeb {
  browser: Browser;
  url: string;
  backend: Backend;
  /** The line between the pages and the gateway. */
  line: TcpProxy;
  /** A browser of its own, at the first page. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  /** Somebody new, who has signed up by the form. */
  signUp(name: string, options?: BrowserContextOptions): Promise<Visitor>;
  stop(): Promise<void>;
}

export interface Visitor {
  page: Page;
  username: string;
  email: string;
}

/** Opens the web app on a backend that knows its origin. */
export async function openWeb(startBackend: (origin: string) => Promise<Backend>): Promise<OpenWeb> {
  // Vite has a process of its own: Jest would run it with its loader.
  await run(process.execPath, ['tools/build/web.mjs'], { env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' } });
  const port = await freePort();
  const backend = await startBackend(`http://localhost:${port}`);
  const line = new TcpProxy();
  const apiUrl = `http://localhost:${new URL(await line.to(backend.url)).port}`;
  const web = await serveWeb({ port, apiUrl, pictureUrl: backend.pictureUrl });
  const browser = await startBrowser();
  const visit = async (options: BrowserContextOptions = {}) => {
    const page = await (await browser.newContext({ viewport: WIDE, ...options })).newPage();
    await page.goto(web.url);
    return page;
  };
  return {
    backend,
    browser,
    url: web.url,
    line,
    visit,
    signUp: async (name, options) => signUp(await visit(options), name),
    stop: async () => {
      await browser.close();
      await web.close();
      await line.cut();
      await backend.stop();
    },
  };
}

/** All five services in this process. */
export async function backendInProcess(origin: string): Promise<Backend> {
  const { url, objects, mails, stop } = await startInProcess({ extra: { gateway: { WEBSITE_DOMAIN: origin } } });
  const linkMailedTo = async (email: string, subject: RegExp) => (await mails.mailTo(email, { subject })).links[0]!;
  return { url, pictureUrl: objects.endpoint, linkMailedTo, stop };
}

async function signUp(page: Page, name: string): Promise<Visitor> {
  const username = `${name}_${randomBytes(3).toString('hex')}`;
  const email = `${username}@users.test`;
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  return { page, username, email };
}

/** Signs in by the form. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Goes where the main navigation leads. */
export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

/** Fills in the page of a new post, and shares it after what is to happen `before`. */
export async function share(
  page: Page,
  caption: string,
  { seed = 3, before }: { seed?: number; before?: () => Promise<void> } = {},
): Promise<void> {
  await goTo(page, 'New post');
  const buffer = await drawPhoto({ seed });
  await page.getByLabel('Choose a photo').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByLabel('Caption').fill(caption);
  await page.getByLabel('Alt text').fill('Hills under a low sun');
  await before?.();
  await page.getByRole('button', { name: 'Share' }).click();
}

/** A post in the feed. */
export const postWith = (page: Page, caption: string) => page.getByRole('article').filter({ hasText: caption });
