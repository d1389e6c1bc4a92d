import fc from 'fast-check';
import { deviceOf } from '../../src/sign-ins/devices.rules.js';
import { isNewDevice } from '../../src/sign-ins/sign-ins.rules.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0';
const NEWER_FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

describe('the name of a device', () => {
  it.each([
    [FIREFOX, 'Firefox on Linux'],
    [NEWER_FIREFOX, 'Firefox on Linux'],
    [CHROME, 'Chrome on Windows'],
    [IPHONE, 'Safari on iOS'],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['Fowergram/1.2 (iPhone; iOS 17.4; Scale/3.00)', 'Fowergram on iOS'],
    ['Fowergram/1.2 CFNetwork/1490.0.4 Darwin/23.2.0', 'Fowergram'],
    ['okhttp/4.12.0', 'okhttp'],
    ['curl/8.5.0', 'curl'],
    ['', 'Unknown device'],
    ['whatever', 'Unknown device'],
    ['Mozilla/5.0', 'Unknown device'],
    ['/1.0', 'Unknown device'],
    ['<img src=x onerror=alert(1)>/1.0 (x)', 'Unknown device'],
    ['\u202egnp.exe/1.0', 'Unknown device'],
  ])('of %j is %j', (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));

  it('is short and without marks for any user agent, and found quickly', () => {
    const parts = fc.constantFrom(
      'Mozilla/5.0',
      ' (',
      ')',
      ';',
      '/',
      ' ',
      '1.2.3',
      'Android',
      'iPhone',
      'Version/',
      'Safari',
      'Chrome/',
      '<b>',
      '"',
      '\n',
      '\u202e',
      'x'.repeat(60),
    );
    const userAgent = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.array(parts, { maxLength: 60 }).map((all) => all.join('').slice(0, 500)),
    );
    fc.assert(
      fc.property(userAgent, (text) => {
        expect(deviceOf(text)).toMatch(/^[\p{L}\p{N} ._-]{1,90}$/u);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'a'.repeat(500),
    '/'.repeat(500),
    ' '.repeat(500),
    'Android '.repeat(62),
    `Mozilla/5.0 (${'('.repeat(480)}`,
    'a/1 '.repeat(125),
  ])('takes no long thought for %.20s…', (userAgent) => {
    const startedAt = performance.now();
    for (let n = 0; n < 100; n++) deviceOf(userAgent);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('a device is new', () => {
  it('when the user signed in before, but never with its like', () => {
    expect(isNewDevice('Chrome on Windows', 'SIGNED_IN', [FIREFOX, IPHONE])).toBe(true);
    expect(isNewDevice('Firefox on Linux', 'SIGNED_IN', [IPHONE, NEWER_FIREFOX])).toBe(false);
    expect(isNewDevice('Firefox on Linux', 'SIGNED_IN', [])).toBe(false);
    expect(isNewDevice('Firefox on Linux', 'SIGNED_UP', [IPHONE])).toBe(false);
    expect(isNewDevice('Unknown device', 'SIGNED_IN', [IPHONE])).toBe(true);
    expect(isNewDevice('Unknown device', 'SIGNED_IN', ['', IPHONE])).toBe(false);
  });
});
