import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Event, type Input, type Output, type Payload, type Rpc } from '@fowergram/contracts-core';
import {
  type Changed,
  type Profile,
  type Relation,
  type Relationship,
  relationshipRpc,
  userEvent,
  userRpc,
} from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';
import { startService } from '@fowergram/service-kit';
import { createDatabase, recordedEvents, startNats, TestMessaging } from '@fowergram/testing';
import { config } from '../src/config.js';
import { service } from '../src/service.js';

/** The commands whose input is the two users and nothing else. */
export type PairCommand = Exclude<
  keyof typeof relationshipRpc,
  'requests' | 'sentRequests' | 'blocked' | 'muted' | 'closeFriends'
>;

const relationshipOf = ({ changes: _changes, ...relationship }: Changed): Relationship => relationship;

export interface World {
  app: NestFastifyApplication;
  db: Database;
  /** Without anything that a test has put between. */
  databaseUrl: string;
  messaging: TestMessaging;
  call<C extends Rpc>(contract: C, input: Input<C>, options?: { idempotencyKey?: string }): Promise<Output<C>>;
  /** What the service has put in its outbox, oldest first. */
  published<E extends Event>(contract: E): Promise<Payload<E>[]>;
  /** Signs somebody up under a name of their own. */
  user(): Promise<Profile>;
  users(count: number): Promise<Profile[]>;
  follow(follower: { id: string }, followee: { id: string }): Promise<Relationship>;
  unfollow(follower: { id: string }, followee: { id: string }): Promise<Relationship>;
  /** Lets the viewer send a command about somebody else. */
  change(command: PairCommand, viewer: { id: string }, user: { id: string }): Promise<Relationship>;
  /** The newest register of what the viewer sees of the author that was published. */
  relation(viewer: { id: string }, author: { id: string }): Promise<Relation | undefined>;
  counts(user: { id: string }): Promise<{ followerCount: number; followingCount: number }>;
  /** What the service was started with, for a process of its own beside it or in its place. */
  env: NodeJS.ProcessEnv;
  /** Stops the service and leaves its stores. */
  stop(): Promise<void>;
  /** Starts the service anew over the same stores, unless it runs. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Puts something between the service and its database. */
  databaseUrl?: (real: string) => string | Promise<string>;
  /** Variables that differ from the usual ones. */
  env?: NodeJS.ProcessEnv;
}

/** The user service over its own real Postgres and NATS; nothing else of the network is there. */
export async function openWorld({ databaseUrl = (real) => real, env: given = {} }: WorldOptions = {}): Promise<World> {
  const [nats, database] = await Promise.all([startNats(), createDatabase('user')]);
  const env = {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    OPERATOR_PORT: '0',
    DATABASE_URL: await databaseUrl(database.url),
    NATS_URL: nats.urlOf('user'),
    SECOND_FACTOR_KEY: 'a1'.repeat(32),
    SECOND_FACTOR_ROLES: 'ADMIN',
    ...given,
  };
  const start = () => startService({ ...service, host: '127.0.0.1' }, config.read(env));
  let app: NestFastifyApplication | undefined = await start();
  const stop = async () => {
    const stopping = app;
    app = undefined;
    await stopping?.close();
  };
  const messaging = await TestMessaging.open(nats.url);
  const db = new Database({ url: database.url, max: 2 });
  const call: World['call'] = (contract, input, options) => messaging.call(contract, input, options);
  const user = () => call(userRpc.createProfile, { userId: newId(), username: aName() });
  return {
    get app() {
      return app!;
    },
    env,
    stop,
    start: async () => void (app ??= await start()),
    db,
    databaseUrl: database.url,
    messaging,
    call,
    published: (contract) => recordedEvents(db, contract),
    user,
    users: (count) => Promise.all(Array.from({ length: count }, user)),
    follow: async (follower, followee) =>
      relationshipOf(await call(userRpc.follow, { followerId: follower.id, followeeId: followee.id })),
    unfollow: async (follower, followee) =>
      relationshipOf(await call(userRpc.unfollow, { followerId: follower.id, followeeId: followee.id })),
    change: async (command, viewer, { id: userId }) =>
      relationshipOf(await call(relationshipRpc[command], { viewerId: viewer.id, userId })),
    relation: async (viewer, author) =>
      (await recordedEvents(db, userEvent.relationChanged))
        .filter(({ viewerId, authorId }) => viewerId === viewer.id && authorId === author.id)
        .sort((one, other) => other.version - one.version)[0],
    counts: async ({ id }) => {
      const [counts] = await call(userRpc.countsByIds, { ids: [id] });
      return { followerCount: counts!.followerCount, followingCount: counts!.followingCount };
    },
    close: async () => {
      await messaging.close();
      await stop();
      await db.close();
      await database.drop();
      await nats.stop();
    },
  };
}

/** A username that nobody has. */
export const aName = (): string => `u${newId().replaceAll('-', '').slice(-20)}`;
