import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import type { Event, Input, Output, Payload, Rpc } from '@fowergram/contracts-core';
import { type Media, mediaRpc, type MediaUpload } from '@fowergram/contracts-media';
import { Database, newId } from '@fowergram/database';
import { startService } from '@fowergram/service-kit';
import {
  createDatabase,
  eventually,
  recordedEvents,
  startNats,
  startRedis,
  TcpProxy,
  testVariable,
  TestMessaging,
} from '@fowergram/testing';
import { config } from '../src/config.js';
import { service } from '../src/service.js';
import { plainJpeg } from './pictures.js';

export type ImageType = Input<typeof mediaRpc.createUpload>['contentType'];

export interface World {
  app: NestFastifyApplication;
  db: Database;
  redis: Redis;
  messaging: TestMessaging;
  /** What the service alone connects through: clients and tests reach the object store whatever happens here. */
  proxies: { store: TcpProxy; redis: TcpProxy };
  call<C extends Rpc>(contract: C, input: Input<C>, options?: { idempotencyKey?: string }): Promise<Output<C>>;
  /** What the service has put in its outbox, oldest first. */
  published<E extends Event>(contract: E): Promise<Payload<E>[]>;
  createUpload(ownerId: string, bytes: Buffer, contentType?: ImageType): Promise<MediaUpload>;
  complete(media: { id: string; ownerId: string }): Promise<Media>;
  find(id: string): Promise<Media | undefined>;
  /** Uploads and completes, and returns the media once it is processed. */
  process(bytes: Buffer, contentType?: ImageType, ownerId?: string): Promise<Media>;
  readyMedia(ownerId: string): Promise<Media>;
  /** The keys in the store that have to do with a media. */
  objectsOf(mediaId: string): Promise<string[]>;
  putObject(key: string, bytes: Buffer): Promise<void>;
  bucket: string;
  storeUrl: string;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Starts the service while its connection to the object store is cut. */
  storeIsDown?: boolean;
}

/** The media service over its own real Postgres, NATS, Redis and bucket. */
export async function openWorld({ storeIsDown = false }: WorldOptions = {}): Promise<World> {
  const storeUrl = testVariable('TEST_MINIO_ENDPOINT');
  const keys = { accessKey: testVariable('TEST_MINIO_ACCESS_KEY'), secretKey: testVariable('TEST_MINIO_SECRET_KEY') };
  const [nats, database, redisServer] = await Promise.all([startNats(), createDatabase('media'), startRedis()]);
  const proxies = { store: new TcpProxy(), redis: new TcpProxy() };
  const [proxiedStoreUrl, proxiedRedisUrl] = [
    await proxies.store.to(storeUrl),
    await proxies.redis.to(redisServer.urlOf('media')),
  ];
  if (storeIsDown) await proxies.store.cut();
  const bucket = `test-${randomBytes(8).toString('hex')}`;
  const env = {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    OPERATOR_PORT: '0',
    DATABASE_URL: database.url,
    NATS_URL: nats.urlOf('media'),
    REDIS_URL: proxiedRedisUrl,
    MINIO_ENDPOINT: proxiedStoreUrl,
    MINIO_PUBLIC_ENDPOINT: storeUrl,
    MINIO_ACCESS_KEY: keys.accessKey,
    MINIO_SECRET_KEY: keys.secretKey,
    MINIO_BUCKET: bucket,
  };
  const start = () => startService({ ...service, host: '127.0.0.1' }, config.read(env));
  const app = await start();
  const messaging = await TestMessaging.open(nats.url);
  const db = new Database({ url: database.url, max: 2 });
  const redis = new Redis(redisServer.url);
  const { hostname, port } = new URL(storeUrl);
  const store = new Client({ endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1', ...keys });
  const allObjects = async () => {
    const names: string[] = [];
    for await (const item of store.listObjectsV2(bucket, '', true)) names.push((item as { name: string }).name);
    return names;
  };
  const call: World['call'] = (contract, input, options) => messaging.call(contract, input, options);
  const world: World = {
    app,
    db,
    redis,
    messaging,
    proxies,
    call,
    bucket,
    storeUrl,
    published: (contract) => recordedEvents(db, contract),
    createUpload: (ownerId, bytes, contentType = 'image/jpeg') =>
      call(mediaRpc.createUpload, { ownerId, contentType, byteSize: bytes.length }),
    complete: ({ id, ownerId }) => call(mediaRpc.completeUpload, { mediaId: id, ownerId }),
    find: async (id) => (await call(mediaRpc.byIds, { ids: [id] }))[0],
    process: async (bytes, contentType = 'image/jpeg', ownerId = newId()) => {
      const upload = await world.createUpload(ownerId, bytes, contentType);
      const sent = await sendFile(upload, bytes, contentType);
      if (!sent.ok) throw new Error(`The store answered ${sent.status}: ${await sent.text()}`);
      await world.complete(upload.media);
      return eventually(() => getProcessed(world, upload.media.id));
    },
    readyMedia: async (ownerId) => {
      const media = await world.process(await plainJpeg(), 'image/jpeg', ownerId);
      if (media.status !== 'READY') throw new Error(`The picture was rejected: ${media.rejectionReason}`);
      return media;
    },
    objectsOf: async (mediaId) => (await allObjects()).filter((key) => key.includes(mediaId)),
    putObject: async (key, bytes) => void (await store.putObject(bucket, key, bytes)),
    restart: async () => {
      await world.app.close();
      world.app = await start();
    },
    close: async () => {
      await messaging.close();
      await world.app.close();
      redis.disconnect();
      await Promise.all([db.close(), proxies.store.cut(), proxies.redis.cut()]);
      await Promise.all([nats.stop(), redisServer.stop(), database.drop()]);
      if (await store.bucketExists(bucket)) {
        for (const key of await allObjects()) await store.removeObject(bucket, key);
        await store.removeBucket(bucket);
      }
    },
  };
  return world;
}

/** The media once it is READY or REJECTED and nothing is left to be removed for it. */
export async function getProcessed(world: World, mediaId: string): Promise<Media> {
  const rows = await world.db.query('select 1 from media where id = $1 and cleared_at is not null', [mediaId]);
  if (rows.length === 0) throw new Error(`media ${mediaId} is not processed`);
  return (await world.find(mediaId))!;
}

/** Sends bytes as a browser's form would; `announced` is what the form says of their type. */
export async function sendFile(
  { url, fields }: Pick<MediaUpload, 'url' | 'fields'>,
  bytes: Buffer,
  announced: string,
  change: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  for (const { name, value } of fields) form.append(name, change[name] ?? value);
  form.append('file', new Blob([new Uint8Array(bytes)], { type: announced }), 'photo');
  return fetch(url, { method: 'POST', body: form });
}
