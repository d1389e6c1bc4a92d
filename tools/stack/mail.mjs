import { chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { converse } from './wire.mjs';

const program = fileURLToPath(new URL('./mail-process.mjs', import.meta.url));

/**
 * A private mail server, which sends nothing on: every mail becomes a file of `folder`.
 * @param {{ dataDir: string, folder: string, port: number, stackId: string }} options
 */
export async function mailServer({ dataDir, folder, port, stackId }) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const serverName = `fowergram-${stackId}`;
  const child = childProcess({
    name: 'mail',
    dataDir,
    launch: () => ({
      command: process.execPath,
      args: [program],
      cwd: folder,
      env: { PATH: process.env.PATH, MAIL_FOLDER: folder, PORT: String(port), SERVER_NAME: serverName },
    }),
    ready: () => checkMailIdentity({ port, serverName }),
  });
  await child.start();
  return Object.assign(child, { url: `smtp://127.0.0.1:${port}`, folder });
}

// The name is random per stack: whoever greets with it is ours.
export async function checkMailIdentity({ port, serverName }) {
  const greeting = await converse({ host: '127.0.0.1', port, say: '', done: (text) => text.includes('\r\n') });
  if (!greeting.startsWith(`220 ${serverName} `))
    throw new Error(`another mail server answers on port ${port} (${greeting.trim()})`);
}

/** A mail server that the environment names: signed in to, used, and never started or stopped by us. */
export async function checkForeignMail(url) {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ url, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 5_000 });
  try {
    await transport.verify();
  } catch (error) {
    throw new StackError(
      `The mail server of SMTP_URL cannot be used: ${error.message}.`,
      'Mend SMTP_URL, or unset it to get a private one that keeps every mail as a file.',
    );
  } finally {
    transport.close();
  }
}
