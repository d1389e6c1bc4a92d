import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '@fowergram/testing';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { startCoreWithShortTokens } from '../src/short-lived-tokens.js';
import { openWebApp, servePages, type WebApp } from '../src/web-app.js';

// What the page of docs/auth.md exports; the context calls it by name.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type App = any;
declare const app: App;

const PASSWORD = 'correct horse 1';
const ME = '{ me { username } }';
const TOKENS_LIVE_SECONDS = 3;

/** The web app of docs/auth.md as it stands there, in Chromium, against all five services. */
describe('a web app with supertokens-web-js', () => {
  let network: InProcessNetwork;
  let core: Awaited<ReturnType<typeof startCoreWithShortTokens>>;
  let web: WebApp;

  beforeAll(async () => {
    const pages = await servePages();
    core = await startCoreWithShortTokens(TOKENS_LIVE_SECONDS);
    network = await startInProcess({ extra: { gateway: { WEBSITE_DOMAIN: pages.origin, ...core.variables } } });
    web = await openWebApp(network.url, pages);
  });
  afterAll(async () => {
    await web?.stop();
    await network?.stop();
    await core?.stop();
  });

  const uniqueName = () => `p_${randomBytes(6).toString('hex')}`;
  const me = (page: Page) => page.evaluate((query) => app.graphql(query), ME) as Promise<{ me: { username: string } }>;
  const cookies = async (context: BrowserContext) =>
    Object.fromEntries(
      (await context.cookies(`${network.url}/auth/session/refresh`)).map((cookie) => [cookie.name, cookie]),
    );
  const accessToken = async (context: BrowserContext) => (await cookies(context)).sAccessToken?.value;
  const expiresAt = (token: string) =>
    (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp * 1_000;
  const expired = (context: BrowserContext) =>
    eventually(async () => {
      const token = await accessToken(context);
      return token !== undefined && expiresAt(token) < Date.now();
    }, 10_000);

  async function signedUp(): Promise<{ context: BrowserContext; page: Page; username: string; email: string }> {
    const context = await web.newContext();
    const page = await web.tab(context);
    const username = uniqueName();
    const email = `${username}@users.test`;
    expect(
      await page.evaluate(
        ([address, password, name]) => app.signUp(address, password, name),
        [email, PASSWORD, username],
      ),
    ).toEqual({});
    return { context, page, username, email };
  }

  it('signs up, and what is wrong with a field stands beside it', async () => {
    const { context, page, username } = await signedUp();
    expect((await me(page)).me.username).toBe(username);
    expect(await page.evaluate(() => app.isSignedIn())).toBe(true);
    const fields = await page.evaluate(([name]) => app.signUp('nobody', 'short', name), [username]);
    expect(Object.keys(fields as object).sort()).toEqual(['email', 'password', 'username']);
    await context.close();
  });

  it('keeps its tokens in cookies that no script reads and no other site sends', async () => {
    const { context, page } = await signedUp();
    const { sAccessToken, sRefreshToken } = await cookies(context);
    expect(sAccessToken).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(sRefreshToken).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/auth/session/refresh' });
    expect(await page.evaluate(() => (globalThis as App).document.cookie as string)).not.toMatch(
      /sAccessToken|sRefreshToken/,
    );
    await context.close();
  });

  it('goes on after its access token has expired, without anybody noticing', async () => {
    const { context, page, username } = await signedUp();
    const before = await accessToken(context);
    await expired(context);
    expect((await me(page)).me.username).toBe(username);
    expect(await accessToken(context)).not.toBe(before);
    await context.close();
  });

  it('refreshes in two tabs at once, and both stay signed in', async () => {
    const { context, page, username } = await signedUp();
    const other = await web.tab(context);
    for (let round = 0; round < 2; round++) {
      await expired(context);
      const answers = await Promise.all([me(page), me(other), me(page), me(other)]);
      expect(answers.map((answer) => answer.me.username)).toEqual(Array(4).fill(username));
    }
    await context.close();
  });

  it('is signed out everywhere when its refresh token was stolen and both use it', async () => {
    const { context, page } = await signedUp();
    const stolen = await context.cookies(`${network.url}/auth/session/refresh`);
    await expired(context);
    await me(page);
    const thief = await web.newContext();
    await thief.addCookies(stolen);
    const thiefsPage = await web.tab(thief);
    await expect(me(thiefsPage)).rejects.toThrow();
    await expired(context);
    await expect(me(page)).rejects.toThrow('signed out');
    expect(await page.evaluate(() => app.isSignedIn())).toBe(false);
    await Promise.all([context.close(), thief.close()]);
  });

  it('signs out: the cookies are gone, and the token is worth nothing though it has not expired', async () => {
    const { context, page } = await signedUp();
    const token = await accessToken(context);
    await page.evaluate(() => app.signOut());
    expect(await cookies(context)).not.toHaveProperty('sAccessToken');
    expect(await page.evaluate(() => app.isSignedIn())).toBe(false);
    const answer = await fetch(`${network.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: ME }),
    });
    expect(answer.status).toBe(401);
    await context.close();
  });

  it('signs in again, and a wrong password says no more than that', async () => {
    const { context, page, email } = await signedUp();
    await page.evaluate(() => app.signOut());
    const signIn = (address: string, password: string) =>
      page.evaluate(([a, p]) => app.signIn(a, p), [address, password]);
    expect(await signIn(email, 'wrong horse 1')).toBe(false);
    expect(await signIn('nobody@users.test', PASSWORD)).toBe(false);
    expect(await signIn(email, PASSWORD)).toBe(true);
    await context.close();
  });

  it('resets a forgotten password by the link in the mail, and the old sessions end', async () => {
    const { context, page, email } = await signedUp();
    const elsewhere = await web.newContext();
    const form = await web.tab(elsewhere);
    await form.evaluate(([address]) => app.requestReset(address), [email]);
    const mail = await network.mails.mailTo(email, { subject: /password/i });
    expect(mail.links[0]).toMatch(`${web.origin}/auth/reset-password?`);
    await form.goto(mail.links[0]!);
    expect(await form.evaluate(() => app.resetPassword('another horse 2'))).toBe(true);
    await expect(me(page)).rejects.toThrow('signed out');
    expect(await form.evaluate(([address]) => app.signIn(address, 'another horse 2'), [email])).toBe(true);
    await Promise.all([context.close(), elsewhere.close()]);
  });

  it('verifies the e-mail address by the link in the mail', async () => {
    const { context, page, email } = await signedUp();
    const mail = await network.mails.mailTo(email, { subject: /e-mail|address|confirm|verify/i });
    expect(mail.links[0]).toMatch(`${web.origin}/auth/verify-email?`);
    await page.goto(mail.links[0]!);
    expect(await page.evaluate(() => app.verifyEmail())).toBe(true);
    expect(await page.evaluate(() => app.graphql('{ myAccount { email emailVerified } }'))).toEqual({
      myAccount: { email, emailVerified: true },
    });
    await context.close();
  });

  it('signs in by a code in a mail, without any password', async () => {
    const context = await web.newContext();
    const page = await web.tab(context);
    const email = `${uniqueName()}@users.test`;
    await page.evaluate(([address]) => app.sendCode(address), [email]);
    const mail = await network.mails.mailTo(email);
    const [code] = /\b\d{6}\b/.exec(mail.text)!;
    expect(await page.evaluate(([digits]) => app.signInWithCode(digits), [code])).toBe(true);
    expect((await me(page)).me.username).toMatch(/^user_\d+$/);
    await context.close();
  });

  it('opens a socket with its cookie, which ends with the session', async () => {
    const { context, page } = await signedUp();
    const code = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const client = app.openSocket();
          client.on('connected', () => void app.signOut());
          client.on('closed', (event: { code: number }) => resolve(event.code));
        }),
    );
    expect(code).toBe(4401);
    await context.close();
  });

  it('is not needed: the fetch of a browser with cookies signs in, asks, refreshes and signs out', async () => {
    const { email, username, context: first } = await signedUp();
    await first.close();
    const context = await web.newContext();
    // The library would put its own fetch in the place of the browser's.
    await context.route('**/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    const page = await web.tab(context);
    const seen = await page.evaluate(
      async ([url, address, password, query]) => {
        const send = (path: string, body?: object, method = 'POST') =>
          fetch(url + path, {
            method,
            credentials: 'include',
            headers: { 'st-auth-mode': 'cookie', ...(body && { 'content-type': 'application/json' }) },
            ...(body && { body: JSON.stringify(body) }),
          });
        const me = async () => ((await (await send('/graphql', { query })).json()) as App).data?.me?.username as string;
        const formFields = [
          { id: 'email', value: address },
          { id: 'password', value: password },
        ];
        const statuses = [(await send('/auth/signin', { formFields })).status];
        const names = [await me()];
        statuses.push((await send('/auth/session/refresh')).status);
        names.push(await me());
        const get = await fetch(`${url}/graphql?query=${encodeURIComponent(query!)}`, {
          credentials: 'include',
          headers: { 'apollo-require-preflight': 'true', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
        });
        names.push(((await get.json()) as App).data.me.username as string);
        const readable = get.headers.get('ratelimit') !== null && get.headers.get('x-correlation-id') !== null;
        statuses.push((await send('/auth/signout')).status);
        return { statuses, names, readable, after: (await me()) ?? null };
      },
      [network.url, email, PASSWORD, ME],
    );
    expect(seen).toEqual({ statuses: [200, 200, 200], names: Array(3).fill(username), readable: true, after: null });
    await context.close();
  });

  describe('and a page of an origin that is not ours', () => {
    const preflight = (origin: string) =>
      fetch(`${network.url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,rid,st-auth-mode',
        },
      });

    it('are distinguished by the preflight, which is answered for our origin only', async () => {
      const own = (await preflight(web.origin)).headers;
      expect([own.get('access-control-allow-origin'), own.get('access-control-allow-credentials')]).toEqual([
        web.origin,
        'true',
      ]);
      expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
        'https://evil.example',
      );
      expect((await preflight('null')).headers.get('access-control-allow-origin')).not.toBe('null');
    });

    it('are kept apart: the page can neither read nor do anything with the cookies of a visitor', async () => {
      const { context, username } = await signedUp();
      const foreign = await web.tab(context, '/', web.foreignOrigin);
      await expect(me(foreign)).rejects.toThrow();
      // Without CORS the request leaves, as a form would; not even an answer that cannot be read comes back to the page.
      const blind = foreign.evaluate(
        async ([url]) =>
          (
            await fetch(`${url}/graphql`, {
              method: 'POST',
              mode: 'no-cors',
              credentials: 'include',
              body: '{"query":"mutation { revokeOtherSessions { sessionIds } }"}',
            })
          ).type,
        [network.url],
      );
      await expect(blind).rejects.toThrow('Failed to fetch');
      const own = await web.tab(context);
      expect((await me(own)).me.username).toBe(username);
      await context.close();
    });

    it('are kept apart on sockets: one with the cookies of a visitor is closed with 4403', async () => {
      const { context } = await signedUp();
      const foreign = await web.tab(context, '/', web.foreignOrigin);
      const code = await foreign.evaluate(
        ([url]) =>
          new Promise((resolve) => {
            const socket = new WebSocket(`${url!.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
            socket.onopen = () => socket.send('{"type":"connection_init"}');
            socket.onclose = (event) => resolve(event.code);
          }),
        [network.url],
      );
      expect(code).toBe(4403);
      await context.close();
    });
  });
});
