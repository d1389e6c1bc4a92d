import fc from 'fast-check';
import {
  type Attempts,
  base32Of,
  blockedForMs,
  codeOf,
  isTotp,
  plain,
  stepAt,
  stepOf,
  uriOf,
} from '../../src/second-factor/second-factor.rules.js';

/** RFC 6238, appendix B; its codes have eight digits, of which ours are the last six. */
const secret = Buffer.from('12345678901234567890');
const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;
const at = (seconds: number): Date => new Date(seconds * 1_000);

describe('codes of an authenticator app', () => {
  it.each(vectors)('are those of RFC 6238 at second %i', (seconds, eightDigits) => {
    const code = eightDigits.slice(-6);
    expect(codeOf(secret, stepAt(at(seconds)))).toBe(code);
    expect(stepOf(secret, code, at(seconds), 0)).toBe(Math.floor(seconds / 30));
  });

  it.each([-1, 0, 1])('are right when the clock is %i steps off', (drift) => {
    const now = at(1_234_567_890);
    expect(stepOf(secret, codeOf(secret, stepAt(now) + drift), now, 0)).toBe(stepAt(now) + drift);
  });

  it.each([-3, -2, 2, 3])('are wrong when the clock is %i steps off', (drift) => {
    const now = at(1_234_567_890);
    expect(stepOf(secret, codeOf(secret, stepAt(now) + drift), now, 0)).toBeUndefined();
  });

  it('are accepted for 90 seconds, to the second', () => {
    const code = codeOf(secret, 1_000);
    const accepted = Array.from({ length: 240 }, (_, n) => 29_900 + n).filter(
      (second) => stepOf(secret, code, at(second), 0) !== undefined,
    );
    expect([accepted[0], accepted.at(-1), accepted.length]).toEqual([29_970, 30_059, 90]);
  });

  it('are not accepted again, nor is an earlier one', () => {
    const now = at(1_234_567_890);
    const step = stepAt(now);
    expect(stepOf(secret, codeOf(secret, step), now, step)).toBeUndefined();
    expect(stepOf(secret, codeOf(secret, step - 1), now, step)).toBeUndefined();
    expect(stepOf(secret, codeOf(secret, step + 1), now, step)).toBe(step + 1);
  });

  it('that two steps of the window have by chance are accepted once', () => {
    const step = 153_568;
    const code = codeOf(secret, step - 1);
    expect(codeOf(secret, step + 1)).toBe(code);
    const accepted = stepOf(secret, code, at(step * 30), 0)!;
    expect(accepted).toBe(step + 1);
    for (const later of [0, 1, 2]) expect(stepOf(secret, code, at((step + later) * 30), accepted)).toBeUndefined();
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('are never %p', (text) => {
    expect(isTotp(text)).toBe(false);
    expect(stepOf(secret, text, at(59), 0)).toBeUndefined();
  });
});

describe('the QR code', () => {
  it('names the app, the account and the secret, whatever characters they have', () => {
    const uri = uriOf(secret, 'Fower & gram: x/?', 'añn+1@exa mple.com:#%&secret=AAAA');
    const url = new URL(uri);
    expect(url.protocol).toBe('otpauth:');
    expect(url.host).toBe('totp');
    expect(
      uri
        .match(/^otpauth:\/\/totp\/([^?]*)\?/)![1]!
        .split(':')
        .map(decodeURIComponent),
    ).toEqual(['Fower & gram: x/?', 'añn+1@exa mple.com:#%&secret=AAAA']);
    expect([...url.searchParams]).toEqual([
      ['issuer', 'Fower & gram: x/?'],
      ['secret', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'],
      ['algorithm', 'SHA1'],
      ['digits', '6'],
      ['period', '30'],
    ]);
    expect(base32Of(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });

  it('can be made for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), (account, issuer) => {
        const { searchParams } = new URL(uriOf(secret, `${issuer}\ud800`, `${account}\udc00`));
        expect([...searchParams.keys()]).toEqual(['issuer', 'secret', 'algorithm', 'digits', 'period']);
        expect(searchParams.get('issuer')).toBe(`${issuer}\ud800`.toWellFormed());
      }),
    );
  });
});

describe('a code as it is typed', () => {
  it('has no case, no spaces and no dashes', () => {
    for (const typed of ['abcd-efgh-jkmn-pqrs', 'ABCD EFGH JKMN PQRS', ' abcd–efgh—jkmn‑pqrs\t', 'AbCdEfGhJkMnPqRs'])
      expect(plain(typed)).toBe('abcdefghjkmnpqrs');
    expect(plain('123 456')).toBe('123456');
  });
});

describe('wrong codes', () => {
  const now = at(2_000_000_000);
  const ago = (ms: number): Date => new Date(now.getTime() - ms);
  const minutes = (count: number): number => count * 60_000;

  it('block after the fifth in a row, for 15 minutes from the last', () => {
    const blocked = (attempts: Attempts): number => blockedForMs(attempts, now);
    expect(blocked({ failures: 0, lastFailureAt: null })).toBe(0);
    expect(blocked({ failures: 4, lastFailureAt: now })).toBe(0);
    expect(blocked({ failures: 5, lastFailureAt: now })).toBe(minutes(15));
    expect(blocked({ failures: 5, lastFailureAt: ago(minutes(15) - 1) })).toBe(1);
    expect(blocked({ failures: 5, lastFailureAt: ago(minutes(15)) })).toBe(0);
    expect(blocked({ failures: 6, lastFailureAt: ago(1) })).toBe(minutes(15) - 1);
  });

  it('never block for longer, even when the clock was set back', () => {
    expect(blockedForMs({ failures: 5, lastFailureAt: ago(-minutes(600)) }, now)).toBe(minutes(15));
  });
});
