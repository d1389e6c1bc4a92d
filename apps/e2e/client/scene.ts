import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { type ClientOptions, createClient, type FowergramClient } from '@fowergram/client';
import { createPost, me } from '@fowergram/client/operations';
import { eventually, TcpProxy } from '@fowergram/testing';
import { drawPhoto } from '../src/photos.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { startCoreWithShortTokens } from '../src/short-lived-tokens.js';
import { type Pages, servePages } from '../src/web-app.js';

export const PASSWORD = 'correct horse 1';
/** So short that a test sees a socket end with its token, and so long that the others do not. */
const TOKENS_LIVE_SECONDS = 15;
/** Quick repeats, so that tests wait for conditions and not for delays. */
export const QUICK = { firstDelayMs: 20, longestDelayMs: 200 };

/** The one network of all tests of the client, and a proxy before it whose connections the tests cut. */
export interface Scene {
  network: InProcessNetwork;
  /** Pages on the site of the API. */
  pages: Pages;
  proxy: TcpProxy;
  /** The API by way of the proxy. */
  url: string;
  /** A post of somebody's, the same each time. */
  postId(): Promise<string>;
  /** A new post of this user. */
  postOf(client: FowergramClient): Promise<string>;
  stop(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  const pages = await servePages();
  const core = await startCoreWithShortTokens(TOKENS_LIVE_SECONDS);
  const network = await startInProcess({ extra: { gateway: { WEBSITE_DOMAIN: pages.origin, ...core.variables } } });
  const proxy = new TcpProxy();
  const { port } = new URL(await proxy.to(network.url));
  let posted: Promise<string> | undefined;
  const scene: Scene = {
    network,
    pages,
    proxy,
    url: `http://localhost:${port}`,
    postId: () => (posted ??= postOfSomebody()),
    postOf,
    stop: async () => {
      await proxy.cut();
      await network.stop();
      await core.stop();
      await pages.stop();
    },
  };
  // Straight to the API, since a test may have cut the proxy.
  const postOfSomebody = async () => postOf((await signedUp(scene, { url: network.url })).client);
  return scene;
}

async function postOf(client: FowergramClient): Promise<string> {
  const file = new Blob([new Uint8Array(await drawPhoto({ seed: 5, width: 320, height: 240 }))], {
    type: 'image/jpeg',
  });
  const { id } = await client.upload(file);
  const { createPost: made } = await client.request(createPost, { input: { caption: 'Hello', mediaIds: [id] } });
  return made.id;
}

export interface Opened {
  client: FowergramClient;
  sent: { path: string; headers: Record<string, string> }[];
  /** Called before each request. */
  onSend?: ((path: string) => void) | undefined;
}

/** A client as an app on a phone has it, and what it has sent. */
export function openClient(scene: Scene, options: Partial<ClientOptions> = {}): Opened {
  const address = `10.${randomBytes(3).join('.')}`;
  const send: typeof fetch = async (input, init) => {
    const headers = { ...(init?.headers as Record<string, string>), 'x-forwarded-for': address };
    const path = new URL(input as string).pathname;
    opened.sent.push({ path, headers });
    opened.onSend?.(path);
    // Sign-ups are not repeated, and a connection that an earlier test has cut may be the one that is used.
    return fetch(path === '/auth/signup' ? scene.network.url + path : input, { ...init, headers });
  };
  const client = createClient({ url: scene.url, attempts: QUICK, webSocket: WebSocket, ...options, fetch: send });
  const opened: Opened = { client, sent: [] };
  return opened;
}

export interface SignedUp extends Opened {
  id: string;
  username: string;
  email: string;
  password: string;
}

/** Somebody new; under load a sign-up may be refused, and is tried again under another name. */
export async function signedUp(scene: Scene, options: Partial<ClientOptions> = {}): Promise<SignedUp> {
  const opened = openClient(scene, options);
  const names = await eventually(async () => {
    const username = `p_${randomBytes(6).toString('hex')}`;
    const email = `${username}@users.test`;
    await opened.client.session.signUp(email, PASSWORD, username);
    return { username, email };
  });
  return Object.assign(opened, { ...names, password: PASSWORD, id: await idOf(opened.client) });
}

export const idOf = async (client: FowergramClient): Promise<string> => (await client.request(me)).me!.id;
