import { randomBytes } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { WebSocket } from 'ws';
import type * as Client from '@fowergram/client';
import { createComment } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { PASSWORD, type Scene, signedUp } from './scene.js';

/** What React Native has, of all that the client could ask for: no DOM, nothing of Node, no clock but that of the device. */
const PLATFORM = {
  fetch,
  WebSocket,
  AbortController,
  TextEncoder,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
};

interface Program {
  client: typeof Client;
  operations: { me: Client.Document<{ me: { id: string } | null }> };
}

export function reactNativeTests(scene: () => Scene): void {
  describe('the client in React Native', () => {
    let program: Program;
    let inputs: string[];

    beforeAll(async () => {
      const { outputFiles, metafile } = await build({
        stdin: {
          contents: `
            export * as client from './libs/client/src/index.ts';
            export * as operations from './libs/client/src/operations.ts';`,
          resolveDir: process.cwd(),
        },
        bundle: true,
        write: false,
        metafile: true,
        platform: 'neutral',
        conditions: ['react-native'],
        format: 'iife',
        globalName: 'program',
        logLevel: 'error',
      });
      const [bundle] = Object.values(metafile.outputs);
      inputs = Object.entries(bundle!.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([name]) => name);
      const context = createContext({ ...PLATFORM });
      runInContext(outputFiles[0]!.text, context);
      program = (context as unknown as { program: Program }).program;
    });

    it('is made of its own files and those of graphql-ws', () => {
      const others = inputs.filter((name) => !name.startsWith('libs/client/src/') && name !== '<stdin>');
      expect(others.filter((name) => !name.startsWith('node_modules/graphql-ws/'))).toEqual([]);
    });

    it('signs up, keeps its tokens, hears what comes, and queues', async () => {
      const kept: { tokens: Client.Tokens | null } = { tokens: null };
      const tokens = { get: () => kept.tokens, set: (next: Client.Tokens | null) => void (kept.tokens = next) };
      const client = program.client.createClient({ url: scene().network.url, tokens });
      const username = `p_${randomBytes(6).toString('hex')}`;
      await client.session.signUp(`${username}@users.test`, PASSWORD, username);
      expect(kept.tokens!.refresh).toBeTruthy();
      const userId = (await client.request(program.operations.me)).me!.id;
      const heard: string[] = [];
      const watching = (async () => {
        for await (const event of client.notifications()) if (event.kind === 'NEW') heard.push(event.notification.kind);
      })();
      const [other, postId] = [await signedUp(scene()), await scene().postId()];
      const values = new Map<string, string>();
      const storage = {
        getItem: async (key: string) => values.get(key) ?? null,
        setItem: async (key: string, value: string) => void values.set(key, value),
      };
      const queue = client.queue({ storage, userId });
      await queue.add(createComment, { input: { postId, text: 'From a phone' } });
      await eventually(async () => (await queue.list()).length === 0);
      await other.client.request(createComment, { input: { postId, text: `@${username} Hello` } });
      await eventually(() => heard.length === 1);
      expect(heard).toEqual(['MENTION']);
      queue.close();
      await client.close();
      await watching;
    });
  });
}
