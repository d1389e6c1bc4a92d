import fc from 'fast-check';
import { startMailServer, type TestMailServer } from '@fowergram/testing';
import { SmtpSender } from '../src/mail/smtp.sender.js';

describe('the sender', () => {
  let mails: TestMailServer;
  let sender: SmtpSender;
  beforeAll(async () => {
    mails = await startMailServer();
    sender = new SmtpSender({ smtpUrl: mails.url, mailFrom: 'Fowergram <hello@fowergram.test>' });
  });
  afterAll(async () => {
    sender?.close();
    await mails?.stop();
  });

  const mail = { id: '0190c1d2-0000-7000-8000-000000000001', to: 'ann@example.com', subject: 'Hello', text: 'text', html: '<p>html</p>' };
  const neverAborted = () => new AbortController().signal;

  it('adds no header and no recipient, whatever the subject and the name of the app are', async () => {
    const usual = ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'];
    const subject = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('a\r\nBcc: eve@evil.test', 'a\n\nbody', 'a\r\n\r\n<b>', `${'long '.repeat(30)}\r\nTo: eve@evil.test`));
    await fc.assert(
      fc.asyncProperty(subject, async (chosen) => {
        await sender.send({ ...mail, subject: chosen }, neverAborted());
        const { headers, text } = await mails.mailTo('ann@example.com');
        expect(Object.keys(headers).filter((name) => name !== 'subject').sort()).toEqual(usual.filter((name) => name !== 'subject'));
        expect(text.trim()).toBe('text');
      }),
      { numRuns: 30 },
    );
    expect(new Set(mails.mails().map(({ to }) => to))).toEqual(new Set(['ann@example.com']));
  });

  it('is given one address to send from', () => {
    const from = (mailFrom: string) => () => new SmtpSender({ smtpUrl: mails.url, mailFrom });
    for (const bad of ['Fowergram', 'a@b.test, c@d.test', 'hello@', '<>']) expect(from(bad)).toThrow(/MAIL_FROM/);
    for (const good of ['hello@fowergram.test', '"Fowergram, the app" <hello@fowergram.test>']) expect(from(good)).not.toThrow();
  });
});
