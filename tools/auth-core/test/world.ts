import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { Database } from '../src/database.js';
import { removeExpired } from '../src/housekeeping.js';
import { buildServer, type ServerOptions } from '../src/server.js';
import { coreClientOf, coreClientTo, type Answer, type Body, type CoreClient, type Method } from './core-client.js';
import { featuresOf, outsideCore, type OutsideCore } from './outside.js';

export type { Answer } from './core-client.js';

const standInKey = 'key-for-the-tests-of-auth-core';

/** One core for one test file: the stand-in in this process with a clock that the test moves, or the core of the environment. */
export class World {
  coreClient!: CoreClient;
  private server: FastifyInstance | undefined;
  private clockOffsetMs = 0;

  private constructor(
    readonly apiKey: string | undefined,
    /** Only the stand-in has one that is ours. */
    private readonly ownDatabaseUrl: string | undefined,
    /** Where the app of this test file begins. */
    readonly prefix: string,
  ) {}

  static async create(options: Partial<ServerOptions> = {}): Promise<World> {
    const outside = outsideCore();
    return outside ? World.at(outside) : World.inside(options);
  }

  private static async inside(options: Partial<ServerOptions>): Promise<World> {
    const world = await World.empty();
    await world.start(options);
    return world;
  }

  /** A database without a server. */
  static async empty(): Promise<World> {
    const name = `auth_core_test_${randomBytes(6).toString('hex')}`;
    await asAdmin(`create database ${name}`);
    const url = new URL(adminUrl());
    url.pathname = `/${name}`;
    return new World(standInKey, url.href, '');
  }

  /** An app of its own where the core gives one away; otherwise the one that is there, in which every name must be new. */
  private static async at({ url, apiKey, isLicensed }: OutsideCore): Promise<World> {
    const coreClient = coreClientTo(url);
    const appId = `test-${randomBytes(6).toString('hex')}`;
    const asking = new World(apiKey, undefined, '');
    asking.coreClient = coreClient;
    const { body } = await asking.call('PUT', '/recipe/multitenancy/app/v2', { appId });
    const world = new World(apiKey, undefined, body?.status === 'OK' ? `/appid-${appId}` : '');
    world.coreClient = coreClient;
    // A licence may be one of the first app alone: then that is where the tests have to be.
    if (!isLicensed || (await featuresOf(`${url}${world.prefix}`, apiKey)).includes('mfa')) return world;
    await world.drop();
    return asking;
  }

  get databaseUrl(): string {
    if (this.ownDatabaseUrl === undefined) throw new Error('The database of an outside core is not ours.');
    return this.ownDatabaseUrl;
  }

  async start(options: Partial<ServerOptions> = {}): Promise<void> {
    this.server = await this.build(options);
    this.coreClient = coreClientOf(this.server);
  }

  /** A second process on the same database, as far as the database knows; an outside core is only asked on a second way. */
  async another(options: Partial<ServerOptions> = {}): Promise<CoreClient> {
    const outside = outsideCore();
    return outside ? coreClientTo(outside.url) : coreClientOf(await this.build(options));
  }

  private build(options: Partial<ServerOptions>): Promise<FastifyInstance> {
    return buildServer({ databaseUrl: this.databaseUrl, apiKeys: [standInKey], now: () => this.now(), ...options });
  }

  /** What the SDK is given to connect to. */
  async connectionUri(): Promise<string> {
    const outside = outsideCore();
    if (outside) return `${outside.url}${this.prefix}`;
    await this.server!.listen({ host: '127.0.0.1', port: 0 });
    return `http://127.0.0.1:${(this.server!.server.address() as AddressInfo).port}`;
  }

  /** What the server does by itself every few minutes. */
  async sweep(): Promise<void> {
    const db = new Database(this.databaseUrl);
    await removeExpired({ db, now: () => this.now() });
    await db.close();
  }

  /** What a table holds, counted without the core. */
  async rowsIn(table: string): Promise<number> {
    const db = new Database(this.databaseUrl);
    const [row] = await db.rows<{ count: number }>(`select count(*) as count from ${table}`);
    await db.close();
    return row!.count;
  }

  async restart(options: Partial<ServerOptions> = {}): Promise<void> {
    await this.server!.close();
    await this.start(options);
  }

  later(ms: number): void {
    if (outsideCore()) throw new Error('The clock of an outside core cannot be moved.');
    this.clockOffsetMs += ms;
  }

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  async drop(): Promise<void> {
    if (this.ownDatabaseUrl === undefined) return this.dropApp();
    await this.server?.close();
    await asAdmin(`drop database ${new URL(this.databaseUrl).pathname.slice(1)} with (force)`);
  }

  private async dropApp(): Promise<void> {
    if (this.prefix === '') return;
    const asking = new World(this.apiKey, undefined, '');
    asking.coreClient = this.coreClient;
    await asking.call('POST', '/recipe/multitenancy/app/remove', { appId: this.prefix.slice('/appid-'.length) });
  }

  async call(
    method: Method,
    path: string,
    fields: object = {},
    headers: Record<string, string> = {},
    coreClient = this.coreClient,
  ): Promise<Answer> {
    const isRead = method === 'GET';
    const query = isRead ? new URLSearchParams(fields as Record<string, string>).toString() : '';
    return coreClient.send({
      method,
      // Every path but one that names an app of its own is in the app of this test.
      url: `${path.startsWith('/appid-') ? '' : this.prefix}${path}${query && `?${query}`}`,
      headers: {
        ...(this.apiKey !== undefined && { 'api-key': this.apiKey }),
        'cdi-version': '5.4',
        ...(!isRead && { 'content-type': 'application/json; charset=utf-8' }),
        ...headers,
      },
      body: isRead ? undefined : JSON.stringify(fields),
    });
  }

  get = async (path: string, query?: object) => (await this.call('GET', path, query)).body as Body;
  post = async (path: string, fields?: object) => (await this.call('POST', path, fields)).body as Body;
  put = async (path: string, fields?: object) => (await this.call('PUT', path, fields)).body as Body;

  /** The status and the text of a failure. */
  async failure(method: Method, path: string, fields: object = {}): Promise<[number, string]> {
    const { statusCode, text } = await this.call(method, path, fields);
    return [statusCode, text.trimEnd()];
  }

  /** The same request several times at once, in turn on this server and on another one. */
  async race(coreClient: CoreClient, path: string, requests: object[]): Promise<Body[]> {
    const answers = await Promise.all(
      requests.map((fields, index) => this.call('POST', path, fields, {}, index % 2 ? coreClient : this.coreClient)),
    );
    return answers.map((answer) => answer.body as Body);
  }

  /** A name that nobody else has, also in a core that knows the users of other runs. */
  name(word = 'user'): string {
    return `${word}-${randomBytes(6).toString('hex')}`;
  }

  email(word = 'user'): string {
    return `${this.name(word)}@example.com`;
  }

  /** A social account, which needs no password to be hashed. */
  async signInWith(email: string, thirdPartyUserId = randomBytes(6).toString('hex')) {
    const fields = { thirdPartyId: 'google', thirdPartyUserId, email: { id: email, isVerified: true } };
    return (await this.post('/public/recipe/signinup', fields)).recipeUserId as string;
  }

  async signUp(email = this.email(), password = 'correct horse 1') {
    const { user } = await this.post('/public/recipe/signup', { email, password });
    return { userId: user.id as string, email, password };
  }

  newSession(fields: object = {}): Promise<Body> {
    return this.post('/public/recipe/session', {
      userId: 'ann',
      userDataInJWT: {},
      userDataInDatabase: {},
      enableAntiCsrf: false,
      ...fields,
    });
  }

  refresh(refreshToken: string, fields: object = {}): Promise<Body> {
    return this.post('/recipe/session/refresh', {
      refreshToken,
      enableAntiCsrf: false,
      useDynamicSigningKey: true,
      ...fields,
    });
  }

  verify(accessToken: string, fields: object = {}): Promise<Body> {
    return this.post('/recipe/session/verify', {
      accessToken,
      doAntiCsrfCheck: false,
      enableAntiCsrf: false,
      checkDatabase: false,
      ...fields,
    });
  }
}

// No default: a guess could be the machine's own server.
function adminUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('Set TEST_DATABASE_URL to a Postgres on which these tests may create and drop databases.');
  return url;
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
