import { isPermanentFailure, retryDelayMs, type SendingFailure, usefulForMs } from '../src/mail/mail.rules.js';

const MINUTE_MS = 60_000;

describe('retryDelayMs', () => {
  it('grows from try to try up to a quarter of an hour, and is never the same for all', () => {
    const longest = [1, 2, 3, 4, 10, 11, 200].map((tries) => retryDelayMs(tries, () => 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 512_000, 15 * MINUTE_MS, 15 * MINUTE_MS]);
    expect(retryDelayMs(4, () => 0)).toBe(4_000);
  });
});

describe('usefulForMs', () => {
  it('is two days, and for a link or code that expires no longer than that lives', () => {
    expect(usefulForMs('password-changed')).toBe(2 * 24 * 60 * MINUTE_MS);
    expect(
      ['sign-in-code', 'reset-password', 'verify-email'].map(
        (template) => usefulForMs(template as 'verify-email') / MINUTE_MS,
      ),
    ).toEqual([15, 60, 24 * 60]);
  });
});

describe('isPermanentFailure', () => {
  it('is true only of a server that will not take this very mail', () => {
    expect(isPermanentFailure({ permanent: true, command: 'RCPT TO', responseCode: 550 })).toBe(true);
    expect(isPermanentFailure({ permanent: true, command: 'DATA', responseCode: 554 })).toBe(true);
    const transient: SendingFailure[] = [
      { permanent: false, command: 'RCPT TO', responseCode: 450 },
      { permanent: true, command: 'AUTH PLAIN', responseCode: 535 },
      { permanent: true, command: 'MAIL FROM', responseCode: 553 },
      { permanent: true, command: 'RCPT TO', responseCode: 530 },
      { code: 'ETIMEDOUT' },
      { code: 'ECONNECTION', command: 'CONN' },
      new TypeError('a bug of ours') as SendingFailure,
    ];
    expect(transient.map((failure) => isPermanentFailure(failure))).toEqual(transient.map(() => false));
  });
});
