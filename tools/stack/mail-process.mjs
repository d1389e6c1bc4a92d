import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { writePrivate } from './files.mjs';

const largestMailBytes = 5 * 1024 * 1024;

/**
 * The mail server of development: takes every mail for everybody and keeps the newest ones, a file each.
 * @param {{ folder: string, port: number, serverName: string, keep?: number }} options
 * @returns {Promise<{ port: number, close(): Promise<void> }>}
 */
export async function runMailServer({ folder, port, serverName, keep = 500 }) {
  for (const name of readdirSync(folder)) if (name.endsWith('.new')) rmSync(join(folder, name), { force: true });
  const server = new SMTPServer({
    name: serverName,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    size: largestMailBytes,
    closeTimeout: 1_000,
    onData: (stream, _session, answer) =>
      void contentOf(stream)
        .then((content) => {
          writePrivate(join(folder, nextName()), content);
          removeOldest(folder, keep);
          answer();
        })
        .catch(answer),
  });
  await new Promise((resolve, reject) => {
    // Later ones are of clients that went away.
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: server.server.address().port, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function contentOf(stream) {
  const chunks = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error('This mail is too large'), { responseCode: 552 });
  return Buffer.concat(chunks);
}

let count = 0;

// In the order of arrival, whatever is in the mail.
function nextName() {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '');
  return `${time}-${String(++count).padStart(6, '0')}-${randomBytes(3).toString('hex')}.eml`;
}

function removeOldest(folder, keep) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep))) rmSync(join(folder, name), { force: true });
}

if (process.argv[1] === import.meta.filename) {
  const { MAIL_FOLDER, PORT, SERVER_NAME } = process.env;
  const server = await runMailServer({ folder: MAIL_FOLDER, port: Number(PORT), serverName: SERVER_NAME });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close().then(() => process.exit(0)));
}
