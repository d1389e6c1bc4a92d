import { isRefusal, retryDelayMs, type SendingFault, usefulForMs } from './mail.rules.js';

const MINUTE_MS = 60_000;

it('tries come further and further apart, a quarter of an hour at most, and never at the same moment for all', () => {
  const longest = [1, 2, 3, 4, 10, 11, 200].map((tries) => retryDelayMs(tries, () => 1));
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 512_000, 15 * MINUTE_MS, 15 * MINUTE_MS]);
  expect(retryDelayMs(4, () => 0)).toBe(4_000);
});

it('a mail is tried for two days, one with a link or code that dies not longer than that lives', () => {
  expect(usefulForMs('password-changed')).toBe(2 * 24 * 60 * MINUTE_MS);
  expect(
    ['sign-in-code', 'reset-password', 'verify-email'].map(
      (template) => usefulForMs(template as 'verify-email') / MINUTE_MS,
    ),
  ).toEqual([15, 60, 24 * 60]);
});

it('only a server that will not take this very mail ends it', () => {
  expect(isRefusal({ permanent: true, command: 'RCPT TO', responseCode: 550 })).toBe(true);
  expect(isRefusal({ permanent: true, command: 'DATA', responseCode: 554 })).toBe(true);
  const passing: SendingFault[] = [
    { permanent: false, command: 'RCPT TO', responseCode: 450 },
    { permanent: true, command: 'AUTH PLAIN', responseCode: 535 },
    { permanent: true, command: 'MAIL FROM', responseCode: 553 },
    { permanent: true, command: 'RCPT TO', responseCode: 530 },
    { code: 'ETIMEDOUT' },
    { code: 'ECONNECTION', command: 'CONN' },
    new TypeError('a fault of ours') as SendingFault,
  ];
  expect(passing.map((fault) => isRefusal(fault))).toEqual(passing.map(() => false));
});
