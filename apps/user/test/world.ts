import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AppError,
  type Event,
  type Input,
  notFound,
  type Output,
  type Payload,
  type Rpc,
} from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { type Profile, userRpc } from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';
import { startService } from '@fowergram/service-kit';
import { createDatabase, recordedEvents, startNats, TestMessaging } from '@fowergram/testing';
import { config } from '../src/config.js';
import { service } from '../src/service.js';

export interface World {
  app: NestFastifyApplication;
  db: Database;
  messaging: TestMessaging;
  call<C extends Rpc>(contract: C, input: Input<C>, options?: { idempotencyKey?: string }): Promise<Output<C>>;
  /** What the service has put in its outbox, oldest first. */
  published<E extends Event>(contract: E): Promise<Payload<E>[]>;
  /** Signs somebody up under a name of their own. */
  person(): Promise<Profile>;
  people(count: number): Promise<Profile[]>;
  follow(follower: { id: string }, followee: { id: string }): Promise<Output<typeof userRpc.follow>>;
  unfollow(follower: { id: string }, followee: { id: string }): Promise<Output<typeof userRpc.unfollow>>;
  counts(user: { id: string }): Promise<{ followerCount: number; followingCount: number }>;
  /** What the service was started with, for a process of its own beside it or in its place. */
  env: NodeJS.ProcessEnv;
  /** Ends the service and keeps its stores. */
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
    PORT: '0',
    DATABASE_URL: await databaseUrl(database.url),
    NATS_URL: nats.url,
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
  const person = () => call(userRpc.createProfile, { userId: newId(), username: aName() });
  return {
    get app() {
      return app!;
    },
    env,
    stop,
    start: async () => void (app ??= await start()),
    db,
    messaging,
    call,
    published: (contract) => recordedEvents(db, contract),
    person,
    people: (count) => Promise.all(Array.from({ length: count }, person)),
    follow: (follower, followee) => call(userRpc.follow, { followerId: follower.id, followeeId: followee.id }),
    unfollow: (follower, followee) => call(userRpc.unfollow, { followerId: follower.id, followeeId: followee.id }),
    counts: async (user) => {
      const [counts] = await call(userRpc.countsByIds, { ids: [user.id] });
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

export interface MediaShelf {
  put(media: { ownerId: string; status?: Media['status'] }): string;
  /** Every claim that was made, in order. */
  claims: { ownerId: string; claimId: string; purpose: string; mediaIds: string[] }[];
  /** Claims that nobody has settled. */
  unconfirmed: Set<string>;
  settled: { confirmed: string[]; released: string[] };
}

/** Answers for the media service with what its contract promises, over pictures that the test puts on the shelf. */
export async function serveMedia(messaging: TestMessaging): Promise<MediaShelf> {
  const pictures = new Map<string, Media>();
  const shelf: MediaShelf = {
    put: ({ ownerId, status = 'READY' }) => {
      const id = newId();
      pictures.set(id, { ...picture, id, ownerId, status, createdAt: new Date().toISOString() });
      return id;
    },
    claims: [],
    unconfirmed: new Set(),
    settled: { confirmed: [], released: [] },
  };
  await messaging.answer(mediaRpc.claim, (input) => {
    const found = input.mediaIds.map((id, place) => {
      const media = pictures.get(id);
      if (media?.ownerId !== input.ownerId) throw notFound('media', ['mediaIds', place]);
      if (media.status !== 'READY')
        throw new AppError('CONFLICT', 'This media is not ready.', {
          path: ['mediaIds', place],
          reason: 'MEDIA_NOT_READY',
        });
      return media;
    });
    shelf.claims.push(input);
    shelf.unconfirmed.add(input.claimId);
    return found;
  });
  await messaging.answer(mediaRpc.unconfirmedClaims, ({ purpose, limit }) =>
    purpose === 'avatar' ? [...shelf.unconfirmed].slice(0, limit) : [],
  );
  await messaging.answer(mediaRpc.reconcileClaims, ({ confirmed, released }) => {
    for (const id of [...confirmed, ...released]) shelf.unconfirmed.delete(id);
    shelf.settled.confirmed.push(...confirmed);
    shelf.settled.released.push(...released);
    return {};
  });
  return shelf;
}

const picture = {
  kind: 'IMAGE' as const,
  rejectionReason: null,
  altText: null,
  width: 100,
  height: 100,
  blurhash: null,
  variants: [],
};
