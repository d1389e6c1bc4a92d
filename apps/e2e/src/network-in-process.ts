import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startService } from '@fowergram/service-kit';
import {
  createDatabase,
  freePort,
  startMailServer,
  startNats,
  startRedis,
  type TestMailServer,
  testVariable,
} from '@fowergram/testing';
import { service as gateway } from '../../gateway/src/service.js';
import { service as media } from '../../media/src/service.js';
import { service as notification } from '../../notification/src/service.js';
import { service as post } from '../../post/src/service.js';
import { service as user } from '../../user/src/service.js';
import { AppClient } from './app-client.js';
import type { ServiceName, ServiceVariables } from './network.js';

export interface InProcessNetwork {
  url: string;
  apps: Record<ServiceName, NestFastifyApplication>;
  /** Addresses of the services' databases, as their owners. */
  databases: Record<string, string>;
  redisUrl: string;
  /** Where a user of NATS enters, with the permissions of production; `tester` may do everything. */
  natsUrlOf(user: string): string;
  /** Where the media lie, and what opens it. */
  objects: { endpoint: string; accessKey: string; secretKey: string; bucket: string };
  /** Where every mail of this network arrives. */
  mails: TestMailServer;
  /** What its gateway signs cursors with. */
  cursorKey: string;
  client(): AppClient;
  stop(): Promise<void>;
}

/**
 * Starts the five services in this process, on stores of this test's own: the quickest whole network.
 * The auth SDK is one per process, so there is one such network per test file.
 */
export async function startInProcess({ extra = {} }: { extra?: ServiceVariables } = {}): Promise<InProcessNetwork> {
  const [nats, redis, mails, ...databases] = await Promise.all([
    startNats(),
    startRedis(),
    startMailServer(),
    createDatabase('user'),
    createDatabase('post'),
    createDatabase('media'),
    createDatabase('notification'),
  ]);
  const [userDb, postDb, mediaDb, notificationDb] = databases.map((database) => database.url);
  const newKey = () => randomBytes(32).toString('hex');
  const [secondFactorKey, cursorKey, webhookKey] = [newKey(), newKey(), newKey()];
  const common = (service: ServiceName) => ({
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    OPERATOR_PORT: '0',
    NATS_URL: nats.urlOf(service),
    REDIS_URL: redis.urlOf(service),
  });
  const store = {
    MINIO_ENDPOINT: testVariable('TEST_MINIO_ENDPOINT'),
    MINIO_ACCESS_KEY: testVariable('TEST_MINIO_ACCESS_KEY'),
    MINIO_SECRET_KEY: testVariable('TEST_MINIO_SECRET_KEY'),
    MINIO_BUCKET: `e2e-${randomBytes(6).toString('hex')}`,
  };
  // The name and not the address: browsers give cookies to a site, and addresses are none.
  const port = Number(extra.gateway?.PORT ?? (await freePort()));
  const url = `http://localhost:${port}`;
  const auth = {
    PORT: String(port),
    API_DOMAIN: url,
    WEBSITE_DOMAIN: 'http://localhost:3000',
    TRUSTED_PROXIES: '127.0.0.0/8',
    SUPERTOKENS_CONNECTION_URI: testVariable('TEST_SUPERTOKENS_CONNECTION_URI'),
    SUPERTOKENS_API_KEY: testVariable('TEST_SUPERTOKENS_API_KEY'),
    CURSOR_KEY: cursorKey,
  };
  const host = '127.0.0.1';
  const [userApp, mediaApp, notificationApp, postApp] = await Promise.all([
    startService(
      { ...user, host },
      user.readConfig({ ...common('user'), DATABASE_URL: userDb, SECOND_FACTOR_KEY: secondFactorKey, ...extra.user }),
    ),
    startService({ ...media, host }, media.readConfig({ ...common('media'), ...store, DATABASE_URL: mediaDb })),
    startService(
      { ...notification, host },
      notification.readConfig({
        ...common('notification'),
        DATABASE_URL: notificationDb,
        SMTP_URL: mails.url,
        MAIL_FROM: 'Fowergram <hello@fowergram.test>',
        WEBHOOK_KEY: webhookKey,
        WEBHOOK_TARGETS: 'any',
      }),
    ),
    startService({ ...post, host }, post.readConfig({ ...common('post'), DATABASE_URL: postDb })),
  ]);
  const gatewayApp = await startService(
    { ...gateway, host },
    gateway.readConfig({ ...common('gateway'), ...auth, ...extra.gateway }),
  ).catch(async (error: unknown) => {
    // What goes on running would fail in the tests of the next file.
    await Promise.all([userApp, mediaApp, notificationApp, postApp].map((app) => app.close()));
    throw error;
  });
  const apps = { gateway: gatewayApp, user: userApp, post: postApp, media: mediaApp, notification: notificationApp };
  return {
    url,
    apps,
    databases: { user: userDb!, post: postDb!, media: mediaDb!, notification: notificationDb! },
    redisUrl: redis.url,
    natsUrlOf: nats.urlOf,
    objects: {
      endpoint: store.MINIO_ENDPOINT,
      accessKey: store.MINIO_ACCESS_KEY,
      secretKey: store.MINIO_SECRET_KEY,
      bucket: store.MINIO_BUCKET,
    },
    mails,
    cursorKey,
    client: () => new AppClient(url),
    stop: async () => {
      await gatewayApp.close();
      await Promise.all([postApp, userApp, mediaApp, notificationApp].map((app) => app.close()));
      await Promise.all(databases.map((database) => database.drop()));
      await Promise.all([nats.stop(), redis.stop(), mails.stop()]);
    },
  };
}
