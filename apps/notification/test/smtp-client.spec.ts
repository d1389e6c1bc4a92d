import fc from 'fast-check';
import { eventually, startMailServer, type TestMailServer } from '@fowergram/testing';
import { SENDING_TIMEOUT_MS, SmtpClient } from '../src/mail/smtp.client.js';

describe('SmtpClient', () => {
  let mails: TestMailServer;
  let client: SmtpClient;
  beforeAll(async () => {
    mails = await startMailServer();
    client = new SmtpClient({ SMTP_URL: mails.url, MAIL_FROM: 'Fowergram <hello@fowergram.test>' });
  });
  afterAll(async () => {
    client?.close();
    await mails?.stop();
  });

  const mail = {
    id: '0190c1d2-0000-7000-8000-000000000001',
    to: 'ann@example.com',
    subject: 'Hello',
    text: 'text',
    html: '<p>html</p>',
  };
  const neverAborted = () => new AbortController().signal;

  it('adds no header and no recipient, whatever the subject and the name of the app are', async () => {
    const usual = ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'];
    const subject = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom(
        'a\r\nBcc: eve@evil.test',
        'a\n\nbody',
        'a\r\n\r\n<b>',
        `${'long '.repeat(30)}\r\nTo: eve@evil.test`,
      ),
    );
    await fc.assert(
      fc.asyncProperty(subject, async (chosen) => {
        await client.send({ ...mail, subject: chosen }, neverAborted());
        const { headers, text } = await mails.mailTo('ann@example.com');
        expect(
          Object.keys(headers)
            .filter((name) => name !== 'subject')
            .sort(),
        ).toEqual(usual.filter((name) => name !== 'subject'));
        expect(text.trim()).toBe('text');
      }),
      { numRuns: 30 },
    );
    expect(new Set(mails.mails().map(({ to }) => to))).toEqual(new Set(['ann@example.com']));
  });

  it('sends to one address, whatever stands in it', async () => {
    await client.send({ ...mail, to: 'bo@example.com, eve@evil.test' }, neverAborted()).catch(() => undefined);
    expect(mails.mails().map(({ to }) => to)).not.toContain('eve@evil.test');
  });

  it('gives up when its time is over, however alive the server is', async () => {
    const { timeout } = AbortSignal;
    const clock = new AbortController();
    const asked: number[] = [];
    AbortSignal.timeout = (ms) => {
      asked.push(ms);
      return clock.signal;
    };
    try {
      mails.stall('cyril@example.com');
      const sending = expect(client.send({ ...mail, to: 'cyril@example.com' }, neverAborted())).rejects.toThrow();
      await eventually(() => mails.attemptsTo('cyril@example.com') === 1);
      clock.abort(new Error('too late'));
      await sending;
    } finally {
      AbortSignal.timeout = timeout;
      mails.release();
    }
    expect(asked).toEqual([SENDING_TIMEOUT_MS]);
  });

  it('wants one address to send from', () => {
    const from = (MAIL_FROM: string) => () => new SmtpClient({ SMTP_URL: mails.url, MAIL_FROM });
    for (const bad of ['Fowergram', 'a@b.test, c@d.test', 'hello@', '<>']) expect(from(bad)).toThrow(/MAIL_FROM/);
    for (const good of ['hello@fowergram.test', '"Fowergram, the app" <hello@fowergram.test>'])
      expect(from(good)).not.toThrow();
  });
});
