import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page, Response } from 'playwright-core';
import { startBrowser } from '@fowergram/testing';
import { snippets } from '../src/snippets.js';
import { bundle } from '../src/web-app.js';
import { PASSWORD, QUICK, type Scene } from './scene.js';

/** What the page has in it; a test calls it by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type App = any;

export const A_DAY_MS = 86_400_000;
const PROGRAM = `
  export { createClient } from './libs/client/src/index.ts';
  export * as operations from './libs/client/src/operations.ts';`;

export interface TabUser {
  id: string;
  username: string;
}

/** A browser with the client in its pages, whose clock is a day ahead unless a test says something else. */
export class BrowserTabs {
  private context!: BrowserContext;
  private browser!: Awaited<ReturnType<typeof startBrowser>>;
  /** What was answered to this browser, of what a script sent. */
  readonly answered: { path: string; key: string | undefined; status: number }[] = [];
  /** The Idempotency-Keys of what was sent, and what it was. */
  readonly sent: { path: string; key: string | undefined; body: string }[] = [];

  constructor(private readonly scene: () => Scene) {}

  async start(): Promise<void> {
    this.scene().pages.show(await bundle(PROGRAM + snippets('client.md', 'indexed-db')));
    this.browser = await startBrowser();
  }

  stop(): Promise<void> {
    return this.browser?.close();
  }

  async open(aheadMs = A_DAY_MS): Promise<void> {
    this.context = await this.browser.newContext();
    await this.context.addInitScript(`{ const { now } = Date; Date.now = () => now() + ${aheadMs}; }`);
    this.sent.length = this.answered.length = 0;
    this.context.on('request', (request) => {
      if (request.method() === 'POST')
        this.sent.push({ ...keyed(request.url(), request.headers()), body: request.postData() ?? '' });
    });
    this.context.on('response', (response: Response) => {
      const request = response.request();
      if (request.method() === 'POST')
        this.answered.push({ ...keyed(request.url(), request.headers()), status: response.status() });
    });
  }

  close(): Promise<void> {
    return this.context.close();
  }

  /** A tab with a client of its own. */
  async tab({ withLocks = true } = {}): Promise<Page> {
    const page = await this.context.newPage();
    // As over plain HTTP, where browsers have no Web Locks.
    if (!withLocks) await page.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined });");
    await page.addInitScript(
      ([url, attempts]) =>
        (globalThis as App).addEventListener(
          'DOMContentLoaded',
          () => ((globalThis as App).client = (globalThis as App).app.createClient({ url, attempts })),
        ),
      [this.scene().url, QUICK] as const,
    );
    await page.goto(this.scene().pages.origin);
    return page;
  }

  /** Makes an account in a tab. */
  async signUp(page: Page): Promise<TabUser> {
    const username = `p_${randomBytes(6).toString('hex')}`;
    const id = await page.evaluate(
      async ([name, password]) => {
        await (globalThis as App).client.session.signUp(`${name}@users.test`, password, name);
        return (await (globalThis as App).client.request((globalThis as App).app.operations.me)).me.id as string;
      },
      [username, PASSWORD],
    );
    return { id, username };
  }

  /** Gives all tabs a token that the server refuses, as one that has expired. */
  async expire(): Promise<void> {
    const cookie = (await this.context.cookies(this.scene().url)).find(({ name }) => name === 'sAccessToken')!;
    await this.context.addCookies([{ ...cookie, value: `${cookie.value.slice(0, -20)}${'A'.repeat(20)}` }]);
  }

  /** Loses the network: the browser knows it, and its sockets are cut. */
  async loseNetwork(): Promise<void> {
    await this.context.setOffline(true);
    await this.scene().proxy.cut();
  }

  /** Reloads a tab while the API is away; the page itself comes from elsewhere. */
  async reload(page: Page): Promise<void> {
    await this.context.setOffline(false);
    await page.reload();
    await this.context.setOffline(true);
  }

  async findNetwork(): Promise<void> {
    await this.scene().proxy.restore();
    await this.context.setOffline(false);
  }

  count(path: string): number {
    return this.sent.filter((request) => request.path === path).length;
  }
}

const keyed = (url: string, headers: Record<string, string>) => ({
  path: new URL(url).pathname,
  key: headers['idempotency-key'],
});
