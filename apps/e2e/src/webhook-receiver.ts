import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { snippets } from './snippets.js';

export interface WebhookReceiver {
  /** Everything that it has printed. */
  output(): string;
  stop(): Promise<void>;
}

/** The receiver of docs/webhooks.md word by word, in a folder from where it finds what it installs. */
export function startWebhookReceiver(secret: string, port: number): WebhookReceiver {
  const parent = resolve('.data');
  mkdirSync(parent, { recursive: true });
  const cwd = mkdtempSync(join(parent, 'webhook-receiver-'));
  writeFileSync(join(cwd, 'receiver.mjs'), snippets('webhooks.md', 'receiver'));
  const env = { PATH: process.env.PATH, SECRET: secret, PORT: String(port) };
  const child = spawn(process.execPath, ['receiver.mjs'], { cwd, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close');
  return {
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
