import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accountOf, readBody } from '../../../src/auth/limits/body.rules.js';
import { endpointOf } from '../../../src/auth/limits/endpoints.rules.js';
import { accountKey, addressKey } from '../../../src/auth/limits/keys.rules.js';
import { actions, isGivenBack, msToNextTick, outcomeOf } from '../../../src/auth/limits/limits.rules.js';

describe('which limits a request meets', () => {
  it.each([
    ['POST', '/auth/signin'],
    ['POST', '/auth/signin/'],
    ['POST', '/auth/signin?next=/auth/signup'],
    ['POST', '/auth/public/signin'],
    ['POST', '/auth/public/signin/?x'],
  ])('%s %s is a sign-in', (method, url) => expect(endpointOf(method, url)).toEqual({ action: 'sign-in' }));

  it.each([
    ['GET', '/auth/signup/email/exists?email=a@b.c', 'exists'],
    ['GET', '/auth/public/emailpassword/email/exists', 'exists'],
    ['POST', '/auth/user/password/reset', 'reset'],
    ['POST', '/auth/user/password/reset/token', 'reset-request'],
    ['POST', '/auth/public/user/email/verify/token', 'verification-mail'],
    ['POST', '/auth/second-factor/verify', 'second-factor'],
    ['GET', '/auth/second-factor', 'second-factor'],
  ])('%s %s: %s', (method, url, action) => expect(endpointOf(method, url)).toEqual({ action }));

  it.each([
    '/auth/signout',
    '/auth/jwt/jwks.json',
    '/auth/loginmethods',
    '/auth/public/loginmethods',
    '/auth/SIGNIN',
    '/auth/toString',
    '/auth/x/constructor',
  ])('%s meets none', (url) => {
    expect(endpointOf('POST', url)).toEqual({});
  });

  it.each([
    '//auth/signin',
    '/auth//signin',
    '/auth/signin//',
    '/auth/./signin',
    '/auth/x/../signin',
    '/auth/..',
    '/auth/%73ignin',
    '/%61uth/signin',
    '/auth/signin%20',
    '/auth\\signin',
    '/auth/signin#x',
    '/auth/signin;x',
    '/auth/sıgnin',
    '/AUTH/signin',
    'http://127.0.0.1/auth/signin',
    '/auth/other/signin',
    '/auth/Public/signin',
    '/auth/user/password/reset/../../../signin',
  ])('%s is no endpoint', (url) => expect(endpointOf('POST', url)).toBeUndefined());
});

describe('the key of an account', () => {
  it.each([
    '  Ann@Example.com ',
    'ann+shop@example.com',
    'ANN+@EXAMPLE.COM',
    'ａnn@example.com',
    'ann\uFF0Bx@example.com',
  ])('%j is ann@example.com', (text) => {
    expect(accountKey(text)).toBe(accountKey('ann@example.com'));
  });
  it('is another one for another user', () =>
    expect(
      new Set(
        ['ann@example.com', 'bo@example.com', 'ann@example.org', 'ann', '+a@example.com', 'a.nn@example.com'].map(
          accountKey,
        ),
      ).size,
    ).toBe(6));
  it('ignores case in every locale, and whatever the SDK takes for one account has one key', () => {
    expect(accountKey('I@x.com')).toBe(accountKey('i@x.com'));
    expect(accountKey('ı@x.com')).not.toBe(accountKey('i@x.com'));
    for (const email of ['İ', '\u212A', 'ﬀ', 'ẞ', 'ϒ'])
      expect(accountKey(`${email}@x.com`)).toBe(accountKey(`${email}@x.com`.trim().toLowerCase()));
  });
  it('does not tell the address', () => {
    expect(accountKey('ann@example.com')).toBe(createHash('sha256').update('ann@example.com').digest('base64url'));
  });
});

describe('the key of an address', () => {
  const key = (...ips: string[]) => addressKey({ ip: ips.at(-1)!, ips });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, expected) => expect(key(address)).toBe(expected));

  it('of two networks is not the same', () => expect(key('2001:db8:1:2::1')).not.toBe(key('2001:db8:1:3::1')));

  it.each([
    '',
    'unknown',
    '<script>',
    '1.2.3',
    '999.1.1.1',
    '0x7f.1',
    '1.2.3.4.5',
    '::g',
    '[::1',
    'a'.repeat(10_000),
    "127.0.0.1' or 1",
  ])('of %j is the one of the proxy that sent it', (nonsense) => {
    expect(key('192.0.2.1', nonsense)).toBe('192.0.2.1');
  });

  it('is one for all whose connection tells none', () =>
    expect(addressKey({ ip: undefined as never })).toBe('unknown'));
});

describe('what an answer counts for', () => {
  const [signIn, refresh, secondFactor] = [actions['sign-in'], actions.refresh, actions['second-factor']];
  it.each([
    [signIn, 200, 'OK', 'success'],
    [signIn, 200, 'WRONG_CREDENTIALS_ERROR', 'failure'],
    [signIn, 400, undefined, 'failure'],
    [signIn, 403, undefined, 'failure'],
    [signIn, 503, undefined, 'untried'],
    [refresh, 200, undefined, 'success'],
    [refresh, 401, undefined, 'failure'],
    [secondFactor, 204, undefined, 'success'],
    [secondFactor, 400, undefined, 'failure'],
    [secondFactor, 401, undefined, 'untried'],
  ])('follows from action and status, case %#: %s %s', (action, statusCode, status, outcome) =>
    expect(outcomeOf(action, statusCode as number, status)).toBe(outcome),
  );

  it('is given back by a success only where failures are counted', () => {
    expect(
      refresh.limits.map((limit) => [limit.counts, isGivenBack(limit, 'success'), isGivenBack(limit, 'untried')]),
    ).toEqual([
      ['attempts', false, true],
      ['failures', true, true],
    ]);
  });
});

describe('a tick', () => {
  it.each([
    [0, 500],
    [120.5, 379.5],
    [499.9, 0.1],
    [500, 500],
    [730, 270],
  ])('after %d ms comes in %d ms', (elapsed, expected) => expect(msToNextTick(elapsed)).toBeCloseTo(expected, 6));
});

describe('a body', () => {
  const form = (...values: unknown[]) => ({ formFields: values.map((value) => ({ id: 'email', value })) });

  it('tells its account', () => {
    expect(accountOf('form', readBody(form('ann@example.com')))).toBe('ann@example.com');
    expect(accountOf('email', readBody({ email: 'ann@example.com' }))).toBe('ann@example.com');
    expect(accountOf('device', readBody({ deviceId: 'YWJj=' }))).toBe(
      accountOf('device', readBody({ deviceId: 'YWJj' })),
    );
  });
  it.each([[undefined], [null], [{}], [form(5)], [form()], [form({})]])('%j has none', (body) =>
    expect(accountOf('form', readBody(body))).toBeUndefined(),
  );
  it('must not count for one account and try another one', () =>
    expect(() => readBody(form('decoy@example.com', 'ann@example.com'))).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { path: ['formFields'] } }),
    ));
  it.each([
    [[]],
    ['text'],
    [5],
    [true],
    [{ formFields: 'x' }],
    [{ formFields: [null] }],
    [{ email: 5 }],
    [{ token: ['x'] }],
    [{ redirectURIInfo: null }],
    [form('nul\0@example.com')],
    [{ deviceId: {} }],
  ])('%j is refused', (body) => {
    expect(() => readBody(body)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

describe('docs/limits.md', () => {
  it('has every limit of signing in, and no other', () => {
    const section = readFileSync('docs/limits.md', 'utf8').split('\n## Signing in\n')[1]!.split('\n## ')[0]!;
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| .+? \| (.*) \|$/gm)].map(([, action, rest]) => [action, rest]);
    const inCode = Object.entries(actions).flatMap(([action, { limits }]) =>
      limits.map(({ per, points, seconds, counts, sparesKnown }) => [
        action,
        [
          points.toLocaleString('en'),
          per,
          seconds === 3_600 ? 'hour' : `${seconds / 60} minutes`,
          sparesKnown ? `${counts}, not from known addresses` : counts,
        ].join(' | '),
      ]),
    );
    expect(rows).toEqual(inCode);
  });
});
