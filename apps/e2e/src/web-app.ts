import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '@fowergram/testing';
import { snippets } from './snippets.js';

export interface WebApp {
  /** The origin that the gateway knows as the website. */
  origin: string;
  /** The same page under an origin that the gateway does not know, on the same site: cookies come along from there. */
  foreignOrigin: string;
  /** A browser of its own, with its own cookies. */
  newContext(): Promise<BrowserContext>;
  /** A new tab with the app in it. */
  tab(context: BrowserContext, path?: string, origin?: string): Promise<Page>;
  stop(): Promise<void>;
}

export interface Pages extends Pick<WebApp, 'origin' | 'foreignOrigin'> {
  show: (script: string) => void;
  stop: () => Promise<void>;
}

/** Serves pages before the gateway is there, since the gateway must know their origin. */
export async function servePages(): Promise<Pages> {
  let script = '';
  const answer: RequestListener = (request, response) => {
    const isScript = request.url === '/app.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>Fowergram</title><script src="/app.js"></script>');
  };
  const servers = await Promise.all([listen(answer), listen(answer)]);
  const [origin, foreignOrigin] = servers.map((server) => `http://localhost:${(server.address() as AddressInfo).port}`);
  return {
    origin: origin!,
    foreignOrigin: foreignOrigin!,
    show: (text) => (script = text),
    stop: async () => {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The web app of docs/auth.md against this gateway, in a real browser; its exports are `app` in the page. */
export async function openWebApp(apiUrl: string, pages: Pages): Promise<WebApp> {
  pages.show(await bundle(snippets('auth.md', 'web').replace('http://localhost:8000', apiUrl)));
  const browser = await startBrowser();
  return {
    origin: pages.origin,
    foreignOrigin: pages.foreignOrigin,
    newContext: () => browser.newContext(),
    tab: async (context, path = '/', origin = pages.origin) => {
      const page = await context.newPage();
      await page.goto(origin + path);
      return page;
    },
    stop: async () => {
      await browser.close();
      await pages.stop();
    },
  };
}

/** A program for a page, whose exports are `app` in it; imports begin at the root of the repository. */
export async function bundle(contents: string): Promise<string> {
  const resolveDir = join(import.meta.dirname, '../../..');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app',
    define: { global: 'window' },
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
