import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { Database } from '../src/database.js';
import { removeExpired } from '../src/housekeeping.js';
import { buildServer, type ServerOptions } from '../src/server.js';

export const apiKey = 'key-for-the-tests-of-auth-core';

export interface Answer {
  statusCode: number;
  headers: Record<string, unknown>;
  text: string;
  body: Body;
}

// The tests read answers of many shapes by name; a wrong name fails its expectation.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One stand-in on a database of its own, in this process, with a clock that the test moves. */
export class World {
  server!: FastifyInstance;
  private clockOffsetMs = 0;

  private constructor(
    private readonly databaseName: string,
    readonly databaseUrl: string,
  ) {}

  static async create(options: Partial<ServerOptions> = {}): Promise<World> {
    const name = `auth_core_test_${randomBytes(6).toString('hex')}`;
    await asAdmin(`create database ${name}`);
    const url = new URL(adminUrl());
    url.pathname = `/${name}`;
    const world = new World(name, url.href);
    await world.start(options);
    return world;
  }

  async start(options: Partial<ServerOptions> = {}): Promise<void> {
    this.server = await this.another(options);
  }

  /** A second process on the same database, as far as the database can tell. */
  another(options: Partial<ServerOptions> = {}): Promise<FastifyInstance> {
    return buildServer({
      databaseUrl: this.databaseUrl,
      apiKeys: [apiKey],
      now: () => Date.now() + this.clockOffsetMs,
      ...options,
    });
  }

  /** What the server does by itself every few minutes. */
  async sweep(): Promise<void> {
    const db = new Database(this.databaseUrl);
    await removeExpired({ db, now: () => this.now() });
    await db.close();
  }

  async restart(): Promise<void> {
    await this.server.close();
    await this.start();
  }

  later(ms: number): void {
    this.clockOffsetMs += ms;
  }

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  async drop(): Promise<void> {
    await this.server.close();
    await asAdmin(`drop database ${this.databaseName} with (force)`);
  }

  async call(
    method: Method,
    path: string,
    fields: object = {},
    headers: Record<string, string> = {},
    server = this.server,
  ): Promise<Answer> {
    const isRead = method === 'GET';
    const response = await server.inject({
      method,
      url: path,
      headers: { 'api-key': apiKey, 'cdi-version': '5.4', ...headers },
      ...(isRead ? { query: fields as Record<string, string> } : { payload: fields }),
    });
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return {
      statusCode: response.statusCode,
      headers: response.headers,
      text: response.body,
      body: isJson ? JSON.parse(response.body) : undefined,
    };
  }

  get = async (path: string, query?: object) => (await this.call('GET', path, query)).body as Body;
  post = async (path: string, fields?: object) => (await this.call('POST', path, fields)).body as Body;
  put = async (path: string, fields?: object) => (await this.call('PUT', path, fields)).body as Body;

  /** The status and the text of a refusal. */
  async refusal(method: Method, path: string, fields: object = {}): Promise<[number, string]> {
    const { statusCode, text } = await this.call(method, path, fields);
    return [statusCode, text.trimEnd()];
  }

  /** The same request several times at once, in turn on this server and on another one. */
  async race(server: FastifyInstance, path: string, requests: object[]): Promise<Body[]> {
    const answers = await Promise.all(
      requests.map((fields, index) => this.call('POST', path, fields, {}, index % 2 ? server : this.server)),
    );
    return answers.map((answer) => answer.body as Body);
  }

  /** A social account, which needs no password to be hashed. */
  async signInWith(email: string, thirdPartyUserId = randomBytes(6).toString('hex')) {
    const fields = { thirdPartyId: 'google', thirdPartyUserId, email: { id: email, isVerified: true } };
    return (await this.post('/public/recipe/signinup', fields)).recipeUserId as string;
  }

  async signUp(email = `${randomBytes(6).toString('hex')}@example.com`, password = 'correct horse 1') {
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
    return this.post('/recipe/session/refresh', { refreshToken, enableAntiCsrf: false, ...fields });
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
