import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { Event, Input, Output, Payload, Rpc } from '@fowergram/contracts-core';
import { type Post, postEvent, postRpc } from '@fowergram/contracts-post';
import { type AccountStatus, userEvent } from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';
import { startService } from '@fowergram/service-kit';
import {
  createDatabase,
  eventually,
  freePort,
  redisUrl,
  redisUsersFile,
  outboxIsEmpty,
  type Program,
  recordedEvents,
  startNats,
  startProgram,
  TestMessaging,
  testVariable,
} from '@fowergram/testing';
import { config } from '../src/config.js';
import { FeedRedis } from '../src/feed/feed-redis.client.js';
import { service } from '../src/service.js';
import { FakeUsers, FakeMedia } from './fakes.js';

export interface World {
  app: NestFastifyApplication;
  db: Database;
  databaseUrl: string;
  /** What the service was started with. */
  env: NodeJS.ProcessEnv;
  messaging: TestMessaging;
  users: FakeUsers;
  media: FakeMedia;
  redis: TestStore;
  call<C extends Rpc>(contract: C, input: Input<C>, options?: { idempotencyKey?: string }): Promise<Output<C>>;
  /** What the service has put in its outbox, oldest first. */
  published<E extends Event>(contract: E): Promise<Payload<E>[]>;
  /** Posts with a picture of the author's own. */
  post(authorId: string, extra?: Partial<Input<typeof postRpc.create>>): Promise<Post>;
  /** Publishes an event of another service and waits until it has been consumed. */
  deliver<E extends Event>(contract: E, payload: Payload<E>, eventId?: string): Promise<void>;
  /** Gives an account another status; without a version it is newer than everything before. */
  changeAccount(userId: string, status: AccountStatus, version?: number): Promise<void>;
  /** Ids of the home feed, page after page down to its end. */
  feed(viewerId: string, pageSize?: number): Promise<string[]>;
  /** Makes the viewer's feed cold, as every change of whom they follow does. */
  dropFeed(viewerId: string): Promise<void>;
  /** Waits until every event is out and every new post has been delivered to its followers. */
  untilIdle(): Promise<void>;
  restart(): Promise<void>;
  /** Starts the service once more, beside the one that runs. */
  addReplica(): Promise<void>;
  close(): Promise<void>;
}

/** The post service over its own real Postgres, NATS and Redis; user and media are fakes. */
export async function openWorld(
  options: {
    /** Where the database is made. */
    databaseServer?: string;
    databaseUrl?: (real: string) => string | Promise<string>;
    /** What the service is given besides, for the address of its database. */
    extra?: (databaseUrl: string) => NodeJS.ProcessEnv;
  } = {},
): Promise<World> {
  const [nats, database, redis] = await Promise.all([
    startNats(),
    createDatabase('post', options.databaseServer),
    TestStore.start(),
  ]);
  const databaseUrl = (await options.databaseUrl?.(database.url)) ?? database.url;
  const env = {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    OPERATOR_PORT: '0',
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.urlOf('post'),
    REDIS_URL: redis.url,
    ...options.extra?.(database.url),
  };
  const start = () => startService({ ...service, host: '127.0.0.1' }, config.read(env));
  const [messaging, users, media] = [await TestMessaging.open(nats.url), new FakeUsers(), new FakeMedia()];
  await Promise.all([users.serve(messaging), media.serve(messaging)]);
  const db = new Database({ url: database.url, max: 2 });
  const replicas: NestFastifyApplication[] = [];
  let accountVersion = 0;
  const call: World['call'] = (contract, input, callOptions) => messaging.call(contract, input, callOptions);
  const world: World = {
    app: await start(),
    db,
    databaseUrl: database.url,
    env,
    messaging,
    users,
    media,
    redis,
    call,
    published: (contract) => recordedEvents(db, contract),
    post: (authorId, extra) =>
      call(postRpc.create, { authorId, caption: '', mediaIds: [media.add(authorId)], ...extra }),
    deliver: async (contract, payload, eventId) => {
      const id = await messaging.publish(contract, payload, eventId);
      await eventually(async () => (await db.query('select from inbox where event_id = $1', [id])).length === 1);
    },
    changeAccount: async (userId, status, version) => {
      if (version === undefined) users.hidden[status === 'ACTIVE' ? 'delete' : 'add'](userId);
      await world.deliver(userEvent.accountChanged, {
        userId,
        role: 'USER',
        status,
        isPrivate: false,
        version: version ?? ++accountVersion,
        at: new Date().toISOString(),
      });
    },
    feed: (viewerId, pageSize) => wholeFeed(call, viewerId, pageSize),
    dropFeed: async (viewerId) =>
      void (await call(postRpc.applyVisibility, {
        relations: [{ viewerId, authorId: newId(), ...STRANGER }],
        accounts: [],
      })),
    untilIdle: () => untilIdle(world),
    addReplica: async () => void replicas.push(await start()),
    restart: async () => {
      await world.app.close();
      world.app = await start();
    },
    close: async () => {
      await messaging.close();
      await Promise.all([world.app, ...replicas].map((app) => app.close()));
      await db.close();
      await database.drop();
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
  await redisIsThere(world.app);
  return world;
}

const STRANGER = {
  version: 1,
  follows: false,
  closeFriend: false,
  blocked: false,
  reported: false,
  postsMutedUntil: null,
  notificationsMutedUntil: null,
};

export const redisIsThere = (app: NestFastifyApplication): Promise<boolean> =>
  eventually(() => Boolean(app.get(FeedRedis).serverId()));

async function wholeFeed(call: World['call'], viewerId: string, first = 7): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await call(postRpc.homeFeed, { viewerId, first, after, takesReferences: true });
    ids.push(...page.references!.map((edge) => edge.node.id));
    if (!page.hasNextPage) return ids;
    after = page.next ?? page.references!.at(-1)!.cursor;
  }
}

async function untilIdle({ db, redis }: World): Promise<void> {
  await eventually(() => outboxIsEmpty(db));
  await eventually(async () => {
    const [row] = await db.query<{ done: boolean }>(
      `select not exists (
         select from outbox where subject = $1 and not exists (select from inbox where consumer = 'post-post-created' and event_id = outbox.id::text)
       ) as done`,
      [`evt.${postEvent.created.subject}`],
    );
    return row!.done;
  });
  await eventually(async () => {
    const jobs = await redis.client.zcard('post:fan-out:delayed');
    return (
      jobs + (await redis.client.llen('post:fan-out:wait')) + (await redis.client.llen('post:fan-out:active')) === 0
    );
  });
}

/** A Redis of this test file's own that can be killed and come back at the same address. */
export class TestStore {
  readonly client: Redis;
  private program: Program | undefined;

  private constructor(private readonly port: number) {
    this.client = new Redis(redisUrl('default', port), { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.client.on('error', () => undefined);
  }

  static async start(): Promise<TestStore> {
    const store = new TestStore(await freePort());
    await store.revive();
    return store;
  }

  /** For the service, with the permissions that it has in production. */
  get url(): string {
    return redisUrl('post', this.port);
  }

  async revive(...options: string[]): Promise<void> {
    const args = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
      '--aclfile',
      redisUsersFile(),
      ...options,
    ];
    this.program = startProgram(testVariable('REDIS_SERVER'), args);
    await this.client.ping();
  }

  /** Ends the server at once, and all that it held with it. */
  async kill(): Promise<void> {
    await this.program?.stop();
    this.program = undefined;
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.kill();
  }
}

/** Ids of users that no other test has; the service stores nothing else of them. */
export const newUserIds = (count: number): string[] => Array.from({ length: count }, newId);
