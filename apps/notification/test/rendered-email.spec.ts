import fc from 'fast-check';
import type { MailContent } from '@fowergram/contracts-notification';
import { everyMail } from './sample-mails.js';
import { renderEmail } from '../src/mail/rendered-email.rules.js';
import { messageOf } from '../src/mail/mail-templates.rules.js';

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.stringMatching(/^[<>"'&=/ a-z\r\n\t\u202e\u200b]{0,40}$/),
  fc.constantFrom(
    '"><script>alert(1)</script>',
    "' onmouseover='x",
    '</p><a href="https://evil.test">',
    '&lt;b&gt;',
    'x\r\nBcc: eve@evil.test',
    '\r\n\r\n<h1>',
    '-->',
    '\u2028Your code: 1',
  ),
);
const hostileLink = fc
  .tuple(fc.webUrl({ withQueryParameters: true, withFragments: true }), hostile)
  .map(([url, tail]) => url + tail)
  .filter((url) => URL.canParse(url) && /^https?:/.test(url));

/** A mail whose texts are what somebody hostile has chosen. */
const hostileMail = fc.constantFrom(...everyMail).chain(({ template, values }) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          name === 'link' ? hostileLink : typeof value === 'number' || name === 'at' ? fc.constant(value) : hostile,
        ]),
      ),
    )
    .map((chosen) => ({
      friendly: { template, values } as MailContent,
      mail: { template, values: chosen } as MailContent,
    })),
);

const message = (mail: MailContent) => messageOf(mail, 'Fowergram');
const parts = (mail: MailContent) => renderEmail(message(mail), 'Fowergram');
/** The tags of a page in their order, with the names of their attributes. */
const skeleton = (html: string): string[] => (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ''));
const linesOf = (text: string): number => text.split(/[\r\n\u2028\u2029\u0085]/).length;

describe('Values that somebody hostile has chosen', () => {
  it('open no tag and no attribute, add no line, and are in no subject', () => {
    fc.assert(
      fc.property(hostileMail, ({ friendly, mail }) => {
        expect(skeleton(parts(mail).html)).toEqual(skeleton(parts(friendly).html));
        expect(parts(mail).html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>"]/);
        expect(linesOf(parts(mail).text)).toBe(linesOf(parts(friendly).text));
        expect(message(mail).subject).toBe(message(friendly).subject);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leave the link of both parts as it was given', () => {
    fc.assert(
      fc.property(hostileLink, (link) => {
        const { text, html } = parts({ template: 'reset-password', values: { link } });
        const { href } = new URL(link);
        expect(text.split('\n')).toContain(href);
        const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, written]) =>
          written!
            .replaceAll('&#39;', "'")
            .replaceAll('&quot;', '"')
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&amp;', '&'),
        );
        expect(hrefs).toEqual([href, href]);
      }),
    );
  });
});

describe.each(everyMail.map((mail) => [mail.template, mail] as const))('The mail %s', (_template, mail) => {
  const { text, html } = parts(mail);

  it('says the same in text and in HTML', () => {
    const shown = html
      .replace(/<title>.*<\/title>/, '')
      .replace(/<[^>]*>/g, '\n')
      .replaceAll('&amp;', '&')
      .replaceAll('&#39;', "'");
    for (const value of Object.values(mail.values).filter((value) => value !== '2026-11-21T10:30:00.000Z')) {
      expect(text).toContain(String(value));
      expect(shown).toContain(String(value));
    }
    for (const paragraph of message(mail).paragraphs) expect(shown).toContain(paragraph);
  });

  it('loads nothing from elsewhere', () => {
    expect(html).not.toMatch(/<img|<link|<script|url\(|src=/i);
  });
});

describe('messageOf', () => {
  it('writes times so that a reader understands them', () => {
    const mail = everyMail.find(({ template }) => template === 'new-sign-in')!;
    expect(parts(mail).text).toContain('2026-11-21 10:30 UTC');
  });

  it('does not call a single recovery code many', () => {
    const used = (left: number) =>
      parts({ template: 'recovery-code-used', values: { link: 'https://a.test', left } }).text;
    expect([used(0), used(1), used(2)]).toEqual([
      expect.stringContaining('the last one'),
      expect.stringContaining('One is left'),
      expect.stringContaining('You have 2 left'),
    ]);
  });
});
