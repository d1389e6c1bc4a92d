import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Input, type Output, type Parsed, type Rpc } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import type { Envelope } from '@fowergram/messaging';
import { OperatorServer, startService } from '@fowergram/service-kit';
import {
  eventually,
  freePort,
  startNats,
  startRedis,
  TestMessaging,
  type TestNats,
  type TestRedis,
  testVariable,
} from '@fowergram/testing';
import { service } from '../../src/service.js';
import { CURSOR_KEY } from './cursors.js';
import { answerWithDefaults } from './default-answers.js';
import { SessionRecord } from './session-record.js';

export type Answer<C extends Rpc> = (input: Parsed<C>, envelope: Envelope) => Output<C> | Promise<Output<C>>;

export interface TestUser {
  id: string;
  username: string;
  email: string;
  token: string;
  refreshToken: string;
}

export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  // Whatever the query asked for: tests read into it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: {
      code: string;
      path?: (string | number)[];
      reason?: string;
      retryAfterSeconds?: number;
      correlationId: string;
    };
  }[];
}

export interface Call {
  subject: string;
  input: unknown;
  envelope: Envelope;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The real gateway with real NATS and a real auth core; the four services behind it answer from memory, on their contracts. */
export async function openWorld(variables: Record<string, string | undefined> = {}) {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const messaging = await TestMessaging.open(nats.url);
  // Whoever could not open a world has nothing to close.
  return openOn({ nats, redis, messaging }, variables).catch(async (error: unknown) => {
    await messaging.close();
    await Promise.all([nats.stop(), redis.stop()]);
    throw error;
  });
}

interface Stores {
  nats: TestNats;
  redis: TestRedis;
  messaging: TestMessaging;
}

async function openOn({ nats, redis, messaging }: Stores, variables: Record<string, string | undefined>) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const answers = new Map<string, Answer<Rpc>>();
  const served = new Set<string>();
  const calls: Call[] = [];
  const profiles = new Map<string, Profile>();
  const sessionRecord = new SessionRecord();

  /** Answers a contract; a later answer takes the place of an earlier one. */
  async function answer<C extends Rpc>(contract: C, handler: Answer<C>): Promise<void> {
    answers.set(contract.subject, handler as unknown as Answer<Rpc>);
    if (served.has(contract.subject)) return;
    served.add(contract.subject);
    await messaging.answer(contract as Rpc, (input, envelope) => {
      calls.push({ subject: contract.subject, input, envelope });
      return answers.get(contract.subject)!(input as never, envelope);
    });
  }

  await answerWithDefaults(answer, profiles, sessionRecord);
  const given = service.readConfig({
    ENVIRONMENT: 'test',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    PORT: String(port),
    OPERATOR_PORT: '0',
    API_DOMAIN: url,
    WEBSITE_DOMAIN: 'http://127.0.0.1:3000',
    NATS_URL: nats.urlOf('gateway'),
    REDIS_URL: redis.urlOf('gateway'),
    // Whoever sends X-Forwarded-For is believed: tests come from as many addresses as they like.
    TRUSTED_PROXIES: '127.0.0.0/8',
    SUPERTOKENS_CONNECTION_URI: testVariable('TEST_SUPERTOKENS_CONNECTION_URI'),
    SUPERTOKENS_API_KEY: testVariable('TEST_SUPERTOKENS_API_KEY'),
    CURSOR_KEY,
    ...(variables.ENVIRONMENT === 'production' && PRODUCTION),
    ...variables,
  });
  const app: NestFastifyApplication = await startService({ ...service, host: '127.0.0.1' }, given);

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': anAddress(), ...headers },
      body: JSON.stringify(body),
    });

  async function gql(
    query: string,
    variablesOf: Record<string, unknown> = {},
    options: { as?: TestUser | undefined; headers?: Record<string, string> } = {},
  ): Promise<GraphqlAnswer> {
    const headers = { ...(options.as ? { authorization: `Bearer ${options.as.token}` } : {}), ...options.headers };
    const response = await post('/graphql', { query, variables: variablesOf }, headers);
    const body = (await response.json()) as Omit<GraphqlAnswer, 'status' | 'headers'>;
    return { ...body, status: response.status, headers: response.headers };
  }

  /** Signs a new user up in header mode, as a mobile app would. */
  async function signUp(username = `p_${randomBytes(6).toString('hex')}`): Promise<TestUser> {
    const email = `${username}@example.com`;
    // A test that has asked very much leaves a gateway behind that refuses for a moment, before it does anything.
    const response = await eventually(async () => {
      const answer = await post('/auth/signup', signUpForm(username, email));
      if (answer.status === 503) throw new Error(`sign-up failed: ${await answer.text()}`);
      return answer;
    });
    const body = (await response.json()) as { status: string; user: { id: string } };
    if (body.status !== 'OK') throw new Error(`sign-up failed: ${JSON.stringify(body)}`);
    return {
      id: body.user.id,
      username,
      email,
      token: response.headers.get('st-access-token')!,
      refreshToken: response.headers.get('st-refresh-token')!,
    };
  }

  let stopped: Promise<void> | undefined;
  const stopGateway = () => (stopped ??= app.close());

  return {
    url,
    operatorUrl: app.get(OperatorServer).http.listeningOrigin,
    nats,
    redis,
    messaging,
    app,
    profiles,
    sessionRecord,
    answer,
    /** The answer that a contract has now, to put it back later. */
    handlerOf: <C extends Rpc>(contract: C): Answer<C> => answers.get(contract.subject) as unknown as Answer<C>,
    gql,
    signUp,
    post,
    /** The calls that the services got since the last clear, by contract. */
    callsOf: <C extends Rpc>(contract: C): (Omit<Call, 'input'> & { input: Input<C> })[] =>
      calls.filter((call) => call.subject === contract.subject) as never,
    clearCalls: () => void calls.splice(0),
    stopGateway,
    close: async () => {
      await stopGateway();
      await messaging.close();
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
}

/** An address that nobody has used: limits by address are met by who wants to meet them. */
export const anAddress = (): string => `10.${[...randomBytes(3)].join('.')}`;

export const signUpForm = (username: string, email: string, password = 'correct-horse-1') => ({
  formFields: [
    { id: 'email', value: email },
    { id: 'password', value: password },
    { id: 'username', value: username },
  ],
});

/** What production does not start without. */
const PRODUCTION = { API_DOMAIN: 'https://api.example.com', WEBSITE_DOMAIN: 'https://www.example.com' };
