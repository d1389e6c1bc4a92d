import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { eventually, startMailServer } from '@fowergram/testing';
import { announcement, type KeptMail, mailsIn, watchMails } from '../mail-folder.mjs';
import { checkMailIdentity } from '../mail.mjs';
import { runMailServer } from '../mail-process.mjs';
import { startStack } from '../stack.mjs';
import type { Stack, StackOptions } from '../stack.mjs';
import { temporaryFolder } from './folder.js';

const folder = temporaryFolder();
const started: Stack[] = [];

async function start(name: string, options: Partial<StackOptions> = {}) {
  const stack = await startStack({
    dataDir: join(folder, name),
    stores: ['mail'],
    env: { PATH: process.env.PATH },
    ...options,
  });
  started.push(stack);
  return stack;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((stack) => stack.destroy()));
});

async function send(
  url: string,
  { to = 'ann@example.com', subject = 'Hello', text = 'See https://app.test/go?token=1 there' } = {},
) {
  const transport = createTransport({ url });
  await transport.sendMail({ from: 'us@example.com', to, subject, text, html: `<p>${text}</p>` });
  transport.close();
}

const emlIn = (path: string) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.eml'))
    .sort();

describe('the mail server of a stack', () => {
  it('makes a mail to anybody a file that only its owner reads', async () => {
    const { mail, env, dataDir } = await start('kept');
    expect(env.SMTP_URL).toBe(mail.url);
    expect(mail.folder).toBe(join(dataDir, 'mail'));
    await send(mail.url);
    await send(mail.url, { to: 'bo@example.com', subject: 'Second' });
    const [first, second] = await mailsIn(mail.folder!);
    expect(first).toMatchObject({
      to: 'ann@example.com',
      from: 'us@example.com',
      subject: 'Hello',
      links: ['https://app.test/go?token=1'],
    });
    expect(second).toMatchObject({ to: 'bo@example.com', subject: 'Second' });
    expect(readFileSync(first!.file, 'utf8')).toContain('Subject: Hello');
    expect(statSync(first!.file).mode & 0o077).toBe(0);
    expect(statSync(mail.folder!).mode & 0o077).toBe(0);
  });

  it('lets nothing in a mail choose where the file stands', async () => {
    const { mail } = await start('names');
    await send(mail.url, { to: '/etc/evil@example.com', subject: '../../../etc/passwd\0.eml' });
    await eventually(() => emlIn(mail.folder!).length === 1);
    expect(emlIn(mail.folder!)).toEqual([expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z-\d{6}-[0-9a-f]{6}\.eml$/)]);
  });

  it('keeps its address and its mails over kill -9 and over a new start', async () => {
    const { mail } = await start('again');
    await send(mail.url);
    await mail.kill('SIGKILL');
    await mail.start();
    await send(mail.url, { subject: 'After the kill' });
    await started.pop()?.stop();
    const { mail: again } = await start('again');
    expect(again.url).toBe(mail.url);
    await send(again.url, { subject: 'After the start' });
    expect((await mailsIn(again.folder!)).map(({ subject }) => subject)).toEqual([
      'Hello',
      'After the kill',
      'After the start',
    ]);
  });

  it('is added to a stack from before there was one', async () => {
    const dataDir = join(folder, 'old');
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'ports.json'), JSON.stringify({ redis: 1, nats: 2 }));
    const { mail } = await start('old');
    await send(mail.url);
    expect(JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8'))).toMatchObject({
      redis: 1,
      nats: 2,
      mail: Number(new URL(mail.url).port),
    });
  });

  it('is not mistaken for a stranger on its port', async () => {
    const stranger = await startMailServer();
    await expect(checkMailIdentity({ port: stranger.port, serverName: 'fowergram-ours' })).rejects.toThrow(
      /another mail server/,
    );
    await stranger.stop();
  });

  it('keeps the newest mails, and clears away halves that a killed server left', async () => {
    const place = join(folder, 'bounded');
    mkdirSync(place);
    writeFileSync(join(place, '20260101T000000.000Z-000001-abcdef.eml.99.new'), 'half');
    const server = await runMailServer({ folder: place, port: 0, serverName: 'test', keep: 3 });
    for (const subject of ['1', '2', '3', '4', '5']) await send(`smtp://127.0.0.1:${server.port}`, { subject });
    expect((await mailsIn(place)).map(({ subject }) => subject)).toEqual(['3', '4', '5']);
    expect(readdirSync(place)).toHaveLength(3);
    await expect(send(`smtp://127.0.0.1:${server.port}`, { text: 'x'.repeat(6 * 1024 * 1024) })).rejects.toMatchObject({
      responseCode: 552,
    });
    expect(readdirSync(place)).toHaveLength(3);
    await server.close();
  });
});

describe('what arrives', () => {
  it('is announced once, in its order, and what was there before is not', async () => {
    const { mail } = await start('watched');
    await send(mail.url, { subject: 'Before' });
    const announced: KeptMail[] = [];
    const end = watchMails(mail.folder!, (one) => announced.push(one));
    for (const subject of ['One', 'Two', 'Three']) await send(mail.url, { subject });
    await eventually(() => announced.length >= 3);
    end();
    expect(announced.map(({ subject }) => subject)).toEqual(['One', 'Two', 'Three']);
  });

  it('is shown with its link, and cannot play with the terminal', () => {
    expect(announcement({ to: 'ann@example.com', subject: 'Hi', links: ['https://app.test/go'], file: '/x.eml' })).toBe(
      '✉ ann@example.com: Hi\n  https://app.test/go',
    );
    expect(announcement({ to: 'ann@example.com', subject: 'a\u001b[2Jb\r\nc\u202e', links: [], file: '/x.eml' })).toBe(
      '✉ ann@example.com: a [2Jb c \n  /x.eml',
    );
  });
});

describe('an SMTP_URL in the environment', () => {
  it('wins, and what it names is not ours to stop', async () => {
    const theirs = await startMailServer();
    const { mail, env } = await start('outside', { env: { PATH: process.env.PATH, SMTP_URL: theirs.url } });
    expect(env.SMTP_URL).toBe(theirs.url);
    expect(mail).toMatchObject({ outside: true, url: theirs.url });
    expect(mail.folder).toBeUndefined();
    await expect(mail.kill('SIGKILL')).rejects.toThrow(/not ours/);
    await theirs.stop();
  });

  it('that leads nowhere, or wants other credentials, ends the start with a sentence', async () => {
    const attempt = (SMTP_URL: string) => start('nowhere', { env: { PATH: process.env.PATH, SMTP_URL } });
    const theirs = await startMailServer();
    await theirs.stop();
    await expect(attempt(theirs.url.replace('smtp:', 'smtps:'))).rejects.toThrow(
      /The mail server of SMTP_URL cannot be used/,
    );
  });
});
