import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type JsonWebKey,
  randomBytes,
} from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { eventually, testVariable } from '@fowergram/testing';
import { SessionVerificationService } from '../../../src/auth/sessions/session-verification.service.js';
import { claimsOf, cookiesOf, openAccounts, refresh, signIn } from '../../support/accounts.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { connect } from '../../support/socket.js';
import { anAddress, openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const ME = '{ me { username } }';
const EVIL = 'https://evil.example';
const OURS = 'http://127.0.0.1:3000';

/** A key of the core, as far as the gateway can see, of which the tests have the other half. */
const OUR_KEY = 'd-1700000000001';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string };
const signed = (header: object, payload: object): string => {
  const content = `${encode(header)}.${encode(payload)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`;
};

/** Changes one bit of one part, in a place that decoding does not drop. */
function flipped(token: string, part: number): string {
  const parts = token.split('.');
  const bytes = Buffer.from(parts[part]!, 'base64url');
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

describe('a token', () => {
  let core: CoreProxy;
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    core = await CoreProxy.open();
    core.extraKeys.push({ ...publicKey.export({ format: 'jwk' }), kid: OUR_KEY, alg: 'RS256', use: 'sig' });
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    await openAccounts(world);
    ann = await world.signUp();
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });

  const ask = (headers: Record<string, string>, path = '/graphql') => world.post(path, { query: ME }, headers);
  const nameOf = async (response: Response) =>
    ((await response.json()) as { data?: { me?: { username: string } | null } }).data?.me?.username;
  const standard = () => ({ alg: 'RS256', typ: 'JWT', kid: headerOf(ann.token).kid, version: '5' });
  const claims = () => claimsOf(ann.token);

  describe('that is hostile', () => {
    const hostileKids: [string, unknown][] = [
      ['a path', '../../../../etc/passwd'],
      ['SQL', "d-' or 1=1 --"],
      ['10 kB', `d-${'x'.repeat(10_000)}`],
      ['a null byte', 'd-\0'],
      ['a name of every object', '__proto__'],
      ['nothing', 'd-'],
      ['a link', 'https://evil.example/jwks.json'],
      ['a list', ['d-1']],
      ['a number', 1],
      ['null', null],
    ];

    const attacks: [string, () => string][] = [
      ...['none', 'None', 'nOnE', ''].map((alg): [string, () => string] => [
        `with alg "${alg}" and no signature`,
        () => `${encode({ ...standard(), alg })}.${encode(claims())}.`,
      ]),
      [
        'with alg none and the old signature',
        () => `${encode({ ...standard(), alg: 'none' })}.${ann.token.split('.').slice(1).join('.')}`,
      ],
      ['signed by HS256 with the public key', () => hmacSigned('pem')],
      ['signed by HS256 with the modulus of the public key', () => hmacSigned('n')],
      ['of an unknown key', () => signed({ ...standard(), kid: 'd-1700000000000' }, claims())],
      ['of somebody else, with the name of a key of ours', () => signed(standard(), claims())],
      [
        'that brings its own key along',
        () =>
          signed(
            {
              ...standard(),
              jwk: publicKey.export({ format: 'jwk' }),
              jku: `${EVIL}/jwks.json`,
              x5u: `${EVIL}/key.pem`,
            },
            claims(),
          ),
      ],
      [
        'of a static key name',
        () => signed({ ...standard(), kid: 's-6b4a7c62-3a4e-4a86-9bcb-000000000000' }, claims()),
      ],
      ...hostileKids.map(([name, kid]): [string, () => string] => [
        `whose key is named by ${name}`,
        () => signed({ ...standard(), kid }, claims()),
      ]),
      ['without the name of a key', () => signed({ alg: 'RS256', typ: 'JWT', version: '5' }, claims())],
      [
        'in the format of old versions',
        () =>
          signed(
            { alg: 'RS256', typ: 'JWT', version: '2' },
            { ...claims(), userId: ann.id, userData: {}, expiryTime: Date.now() + 60_000, timeCreated: Date.now() },
          ),
      ],
      ['that has expired', () => signed(standard(), { ...claims(), exp: 1_700_000_000 })],
      ['that never expires', () => signed(standard(), { ...claims(), exp: Number.MAX_SAFE_INTEGER })],
      ['of another issuer', () => signed(standard(), { ...claims(), iss: `${EVIL}/auth` })],
      ...[0, 1, 2].map((part): [string, () => string] => [
        `with a flipped bit in part ${part + 1}`,
        () => flipped(ann.token, part),
      ]),
      [
        'whose claims were exchanged',
        () => [ann.token.split('.')[0], encode({ ...claims(), role: 'ADMIN' }), ann.token.split('.')[2]].join('.'),
      ],
      ['that is a refresh token', () => ann.refreshToken],
      ['with a part too many', () => `${ann.token}.${ann.token.split('.')[2]}`],
      ['without a signature', () => ann.token.split('.').slice(0, 2).join('.')],
      ['of 8 kB', () => `${ann.token.split('.')[0]}.${'A'.repeat(8_192)}.AAAA`],
      ['of nothing but dots', () => '..'],
      ['of letters that are no base64', () => 'a.b.c'],
      ['with lists for parts', () => `${encode([])}.${encode([])}.`],
    ];

    function hmacSigned(form: 'pem' | 'n'): string {
      const key = keysOfCore.find(({ kid }) => kid === headerOf(ann.token).kid)!;
      const secret =
        form === 'pem'
          ? createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
          : Buffer.from(key.n!, 'base64url');
      const content = `${encode({ ...standard(), alg: 'HS256' })}.${encode(claims())}`;
      return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
    }

    let keysOfCore: (JsonWebKey & { kid: string })[];
    let other: GatewayProcess;
    beforeAll(async () => {
      keysOfCore = (
        (await (await fetch(`${testVariable('TEST_SUPERTOKENS_CONNECTION_URI')}/.well-known/jwks.json`)).json()) as {
          keys: typeof keysOfCore;
        }
      ).keys;
      other = await startGateway(world);
    });
    afterAll(() => other?.stop());

    it.each(attacks)('%s opens nothing', async (_name, make) => {
      const token = make();
      const answers = [
        await ask({ authorization: `Bearer ${token}` }),
        await ask({ cookie: `sAccessToken=${encodeURIComponent(token)}`, rid: 'session' }),
      ];
      // "try refresh token", or a cookie that is not taken for a token at all: then it is a visitor who asks.
      expect([401, 431]).toContain(answers[0]!.status);
      for (const answer of answers) expect([200, 401, 431]).toContain(answer.status);
      for (const answer of answers) if (answer.status !== 431) expect(await nameOf(answer)).toBeUndefined();
      expect((await (await connect(world, { token })).closed).code).toBe(4401);
      const signOut = await world.post('/auth/signout', {}, { authorization: `Bearer ${token}` });
      expect([401, 431]).toContain(signOut.status);
      expect([401, 431]).toContain((await refresh(world, token === ann.refreshToken ? ann.token : token)).status);
      expect((await ask({ authorization: `Bearer ${ann.token}` })).status).toBe(200);
    });

    it('is not in any log, wherever it was sent', async () => {
      const secrets = [
        'SECRET-IN-URL',
        ...attacks.flatMap(([, make]) =>
          make()
            .split('.')
            .filter((part) => part.length > 20),
        ),
      ];
      for (const [, make] of attacks) {
        for (const path of ['/graphql', '/auth/signout', '/auth/session/refresh', '/auth/second-factor', '/nowhere']) {
          await fetch(`${other.url}${path}?access_token=SECRET-IN-URL`, {
            method: 'POST',
            headers: { authorization: `Bearer ${make()}`, 'content-type': 'application/json' },
            body: JSON.stringify({ query: ME }),
          });
        }
        await (
          await connect(other, { token: make() })
        ).closed;
      }
      expect(other.output()).not.toBe('');
      for (const secret of secrets) expect(other.output().includes(secret)).toBe(false);
    });

    it('of an old format costs the core nothing', async () => {
      const [, make] = attacks.find(([name]) => name.includes('old versions'))!;
      await ask({ authorization: `Bearer ${make()}` });
      core.clearCalls();
      await ask({ authorization: `Bearer ${make()}` });
      expect(core.calls()).toEqual([]);
    });
  });

  describe('that is signed with a key of ours', () => {
    const ours = (changes: object, header: object = {}) =>
      signed({ ...standard(), kid: OUR_KEY, ...header }, { ...claims(), ...changes });
    const now = () => Math.floor(Date.now() / 1_000);

    it('opens the account', async () => {
      expect(await nameOf(await ask({ authorization: `Bearer ${ours({})}` }))).toBe(ann.username);
    });

    it.each<[string, () => string]>([
      ['has expired', () => ours({ exp: now() - 1 })],
      ['never expires', () => ours({ exp: undefined })],
      ['expires at no time', () => ours({ exp: 'never' })],
      ['is for another program', () => ours({ stt: 1 })],
      ['is of another issuer', () => ours({ iss: `${EVIL}/auth` })],
      ['is of no issuer', () => ours({ iss: undefined })],
      ['is of nobody', () => ours({ sub: undefined })],
      ['is of no session', () => ours({ sessionHandle: undefined })],
      ['is of an old version', () => ours({}, { version: '2' })],
    ])('opens nothing when it %s', async (_name, make) => {
      const answer = await ask({ authorization: `Bearer ${make()}` });
      expect([200, 401]).toContain(answer.status);
      expect(await nameOf(answer)).toBeUndefined();
      expect((await (await connect(world, { token: make() })).closed).code).toBe(4401);
    });
  });

  it('in the URL is none', async () => {
    expect(
      await nameOf(
        await ask({}, `/graphql?access_token=${ann.token}&authorization=${encodeURIComponent(`Bearer ${ann.token}`)}`),
      ),
    ).toBeUndefined();
  });

  it.each(['/graphql', '/auth/signout', '/auth/session/refresh', '/auth/second-factor/verify'])(
    'that comes twice on %s is refused with 400',
    async (path) => {
      const body = JSON.stringify({ query: ME });
      const answer = await raw(
        path,
        [
          `authorization: Bearer ${ann.token}`,
          `Authorization: Bearer ${ann.token}`,
          'content-type: application/json',
          `content-length: ${body.length}`,
        ],
        body,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('BAD_USER_INPUT');
    },
  );

  it('that no header can hold is refused with 431', async () => {
    expect(await raw('/graphql', [`authorization: Bearer ${'x'.repeat(20_000)}`], '')).toMatch(/^HTTP\/1\.1 431 /);
  });

  /** Sends what fetch would not. */
  function raw(path: string, headers: string[], body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(world.url);
      const socket = connectTcp(Number(port), hostname, () =>
        socket.write(
          [`POST ${path} HTTP/1.1`, 'host: gateway', 'connection: close', ...headers, '', body].join('\r\n'),
        ),
      );
      let answer = '';
      socket
        .on('data', (chunk) => (answer += String(chunk)))
        .on('end', () => resolve(answer))
        .on('error', reject);
    });
  }

  describe('in a cookie', () => {
    let cookie: string;
    beforeAll(async () => {
      cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
    });

    const send = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`${world.url}${path}`, {
        method: 'POST',
        headers: { cookie, 'x-forwarded-for': anAddress(), ...headers },
        body,
      });
    const query = JSON.stringify({ query: ME });
    const json = { 'content-type': 'application/json' };

    it('works for our own pages and for programs', async () => {
      expect(await nameOf(await send('/graphql', { ...json, rid: 'session', origin: OURS }, query))).toBe(ann.username);
      expect(await nameOf(await send('/graphql', { ...json, rid: 'session' }, query))).toBe(ann.username);
    });

    it('counts only for what a script alone can send: JSON, or the header', async () => {
      expect(await nameOf(await send('/graphql', json, query))).toBe(ann.username);
      for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }])
        expect((await send('/auth/signout', headers, '{}')).status).toBe(403);
    });

    it.each([EVIL, 'null', 'http://127.0.0.1:3000.evil.example', 'http://127.0.0.1:3001', 'HTTP://127.0.0.1:3000'])(
      'counts for nothing from %s',
      async (origin) => {
        expect(await nameOf(await send('/graphql', { ...json, rid: 'session', origin }, query))).toBeUndefined();
        for (const path of ['/auth/signout', '/auth/session/refresh']) {
          const refused = await send(path, { ...json, rid: 'session', origin }, '{}');
          expect([path, refused.status, refused.headers.getSetCookie()]).toEqual([path, 403, []]);
        }
        expect((await (await connect(world, undefined, { headers: { cookie, origin } })).closed).code).toBe(4403);
      },
    );

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'does nothing that a form of type %s says',
      async (type) => {
        const mutation = JSON.stringify({ query: 'mutation { revokeOtherSessions { sessionIds } }' });
        expect((await send('/graphql', { 'content-type': type, rid: 'session', origin: EVIL }, mutation)).status).toBe(
          415,
        );
        const login = JSON.stringify({ formFields: signUpForm('', ann.email).formFields.slice(0, 2) });
        const signedIn = await send(
          '/auth/signin',
          { 'content-type': type, origin: EVIL, 'st-auth-mode': 'cookie' },
          login,
        );
        expect([signedIn.status >= 400 && signedIn.status < 500, signedIn.headers.getSetCookie()]).toEqual([true, []]);
      },
    );

    it('is neither given to a foreign page nor taken from its visitor by one, whatever it sends', async () => {
      const { headers, token } = await signIn(world, ann, { 'st-auth-mode': 'cookie', origin: EVIL });
      expect([headers.getSetCookie(), token, headers.get('access-control-allow-origin')]).toEqual([[], '', null]);
      for (const path of ['/auth/session/refresh', '/auth/signout']) {
        const form = await fetch(`${world.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain', origin: EVIL },
        });
        expect([path, form.status, form.headers.getSetCookie()]).toEqual([path, 403, []]);
      }
    });

    it('may also open a socket of our own page, and the token in connection_init goes first', async () => {
      const own = await connect(world, undefined, { headers: { cookie, origin: OURS } });
      expect((await own.run(ME)).data).toEqual([{ me: { username: ann.username } }]);
      await own.close();
      const bo = await world.signUp();
      const both = await connect(world, bo, { headers: { cookie, origin: EVIL } });
      expect((await both.run(ME)).data).toEqual([{ me: { username: bo.username } }]);
      await both.close();
    });

    it('is no visitor’s: without a cookie a foreign page may open a socket', async () => {
      const visitor = await connect(world, undefined, { headers: { origin: EVIL } });
      expect((await visitor.run('{ __typename }')).data).toEqual([{ __typename: 'Query' }]);
      await visitor.close();
    });

    it.each([
      ['two good ones', () => `sAccessToken=${ann.token}; sAccessToken=${ann.token}`],
      ['a good one behind a bad one', () => `sAccessToken=bad; sAccessToken=${ann.token}`],
      ['a bad one behind a good one', () => `sAccessToken=${ann.token}; sAccessToken=bad`],
    ])('is not guessed among several: %s', async (_name, several) => {
      const answer = await ask({ cookie: several(), rid: 'session' });
      expect(await nameOf(answer)).toBeUndefined();
      expect((await (await connect(world, undefined, { headers: { cookie: several() } })).closed).code).toBe(4401);
    });
  });

  describe('and what it costs the core', () => {
    it('costs nothing, be it known or new, on HTTP and on a socket', async () => {
      const bo = await world.signUp();
      await ask({ authorization: `Bearer ${ann.token}` });
      core.clearCalls();
      for (let i = 0; i < 20; i++)
        expect(await nameOf(await ask({ authorization: `Bearer ${ann.token}` }))).toBe(ann.username);
      expect(await nameOf(await ask({ authorization: `Bearer ${bo.token}` }))).toBe(bo.username);
      const socket = await connect(world, bo);
      expect((await socket.run(ME)).data).toEqual([{ me: { username: bo.username } }]);
      await socket.close();
      expect(core.calls()).toEqual([]);
    });

    it('costs one call to be renewed, and one to be used for the first time after that', async () => {
      core.clearCalls();
      const fresh = (await refresh(world, ann.refreshToken)).headers.get('st-access-token')!;
      expect(core.calls()).toEqual([expect.stringMatching('/recipe/session/refresh$')]);
      const finalToken = (await ask({ authorization: `Bearer ${fresh}` })).headers.get('st-access-token')!;
      for (let i = 0; i < 3; i++) await ask({ authorization: `Bearer ${finalToken}` });
      expect(core.calls().slice(1)).toEqual([expect.stringMatching('/recipe/session/verify$')]);
    });

    it('costs a few questions for its keys, however many unknown ones come, and a new key is noticed in between', async () => {
      const sessions = world.app.get(SessionVerificationService);
      const isTaken = (token: string) =>
        sessions.ofToken(token).then(
          () => true,
          () => false,
        );
      core.clearCalls();
      const startedAt = Date.now();
      for (let batch = 0; batch < 100; batch++) {
        const tokens = Array.from(
          { length: 100 },
          () => `${encode({ ...standard(), kid: `d-${randomBytes(6).toString('hex')}` })}.${encode(claims())}.AAAA`,
        );
        expect((await Promise.all(tokens.map(isTaken))).some(Boolean)).toBe(false);
      }
      expect(core.keyFetches()).toBeLessThanOrEqual(2 + (Date.now() - startedAt) / 5_000);
      expect(core.calls()).toHaveLength(core.keyFetches());

      core.extraKeys.push({ ...publicKey.export({ format: 'jwk' }), kid: 'd-new', alg: 'RS256', use: 'sig' });
      const fresh = signed({ ...standard(), kid: 'd-new' }, claims());
      const noticed = async () => {
        await isTaken(signed({ ...standard(), kid: `d-${randomBytes(6).toString('hex')}` }, claims()));
        return nameOf(await ask({ authorization: `Bearer ${fresh}` }));
      };
      await eventually(async () => (await noticed()) === ann.username);
    }, 60_000);
  });
});
