import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { Input, Output, Rpc } from '@fowergram/contracts-core';
import {
  type Notification,
  type NotificationEdge,
  notificationPush,
  notificationRpc,
} from '@fowergram/contracts-notification';
import { Database, newId } from '@fowergram/database';
import { consumerName, EVENT_STREAM, type EventContext, listenersOf, pushSubject } from '@fowergram/messaging';
import { startService } from '@fowergram/service-kit';
import {
  createDatabase,
  eventually,
  outboxIsEmpty,
  startMailServer,
  startNats,
  type TestMailServer,
  TestMessaging,
} from '@fowergram/testing';
import { config } from '../src/config.js';
import { NotificationEventsController } from '../src/notifications/notification-events.controller.js';
import { service } from '../src/service.js';
import type { BuiltEvent } from './event-builders.js';

export interface Listener {
  received: NotificationEdge[];
  stop(): void;
}

export interface World {
  app: NestFastifyApplication;
  db: Database;
  messaging: TestMessaging;
  /** Where the mails of the service arrive. */
  mails: TestMailServer;
  streams: JetStreamManager;
  /** Makes the streams and consumers that are missing, as a deployment does. */
  makeStreams(): Promise<void>;
  call<C extends Rpc>(contract: C, input: Input<C>, options?: { idempotencyKey?: string }): Promise<Output<C>>;
  /** Publishes as the owners' relays would, all at once, and waits until everything is consumed. */
  publishAndConsume(...events: BuiltEvent[]): Promise<void>;
  publish(...events: BuiltEvent[]): Promise<void>;
  /** Gives one delivery of an event to the controller, as the JetStream server does. */
  deliver(built: BuiltEvent, eventId?: string): Promise<void>;
  /** True when every event is consumed and everything recorded is sent. */
  isIdle(): Promise<boolean>;
  becomesIdle(): Promise<void>;
  /** Collects the pushes to one user from now on. */
  listen(recipientId: string): Promise<Listener>;
  /** Everything that a user is shown, newest first. */
  shownTo(recipientId: string): Promise<Notification[]>;
  /** Every push that was ever recorded for a user, in the order of their recording. */
  pushesTo(recipientId: string): Promise<NotificationEdge[]>;
  stopApp(): Promise<void>;
  startApp(): Promise<void>;
  /** Starts a second process of the service beside the first; the returned function stops it. */
  startReplica(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Puts something between the service and its database. */
  databaseUrl?: (real: string) => Promise<string>;
}

/** The notification service over its own real Postgres and NATS with JetStream; nothing else of the network is there. */
export async function openWorld({ databaseUrl = (real) => Promise.resolve(real) }: WorldOptions = {}): Promise<World> {
  const [nats, database, mails] = await Promise.all([startNats(), createDatabase('notification'), startMailServer()]);
  const common = {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    OPERATOR_PORT: '0',
    APP_NAME: 'Fowergram',
    MAIL_FROM: 'Fowergram <hello@fowergram.test>',
    WEBHOOK_KEY: randomBytes(32).toString('hex'),
    WEBHOOK_TARGETS: 'any',
  };
  const given = config.read({
    ...common,
    DATABASE_URL: await databaseUrl(database.url),
    NATS_URL: nats.urlOf('notification'),
    SMTP_URL: mails.url,
  });
  const start = () => startService({ ...service, host: '127.0.0.1' }, given);
  const messaging = await TestMessaging.open(nats.url);
  const db = new Database({ url: database.url, max: 2 });
  const call: World['call'] = (contract, input, options) => messaging.call(contract, input, options);
  const world: World = {
    app: await start(),
    db,
    messaging,
    mails,
    streams: await jetstreamManager(messaging.nats),
    makeStreams: () => nats.makeStreams(),
    call,
    publishAndConsume: async (...events) => {
      await world.publish(...events);
      await world.becomesIdle();
    },
    publish: async (...events) =>
      void (await Promise.all(events.map(({ event, payload }) => messaging.publish(event, payload)))),
    deliver: (built, eventId = newId()) => deliver(world.app, built, eventId),
    isIdle: async () => (await consumersAreIdle(world.streams)) && (await outboxIsEmpty(db)),
    becomesIdle: async () => void (await eventually(() => world.isIdle())),
    listen: async (recipientId) => {
      const received: NotificationEdge[] = [];
      const stop = messaging.bus.onPush(recipientId, notificationPush.added, (signal) => {
        if (!('hearsLess' in signal)) received.push(signal);
      });
      await messaging.nats.flush();
      return { received, stop };
    },
    shownTo: (recipientId) => allPages(world, recipientId),
    pushesTo: async (recipientId) => {
      const subject = pushSubject(recipientId, notificationPush.added);
      const rows = await db.query<{ payload: NotificationEdge }>(
        'select payload from outbox where subject = $1 order by id',
        [subject],
      );
      return rows.map(({ payload }) => payload);
    },
    stopApp: () => world.app.close(),
    startApp: async () => void (world.app = await start()),
    startReplica: async () => {
      const replica = await start();
      return () => replica.close();
    },
    close: async () => {
      await messaging.close();
      await world.app.close();
      await db.close();
      await database.drop();
      await Promise.all([nats.stop(), world.mails.stop()]);
    },
  };
  return world;
}

export const userIds = (count: number): string[] => Array.from({ length: count }, newId);

async function deliver(app: NestFastifyApplication, { event, payload }: BuiltEvent, eventId: string): Promise<void> {
  const { method } = listenersOf(NotificationEventsController.prototype).find(({ contract }) => contract === event)!;
  const listeners = app.get(NotificationEventsController, { strict: false }) as unknown as Record<
    string,
    (payload: unknown, context: EventContext) => Promise<void>
  >;
  await listeners[method]!(payload, { eventId, consumer: consumerName(service.name, event), correlationId: newId() });
}

async function consumersAreIdle(streams: JetStreamManager): Promise<boolean> {
  for await (const consumer of streams.consumers.list(EVENT_STREAM.name)) {
    if (consumer.name.startsWith('notification-') && (consumer.num_pending > 0 || consumer.num_ack_pending > 0))
      return false;
  }
  return true;
}

async function allPages({ call }: World, recipientId: string): Promise<Notification[]> {
  const all: Notification[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await call(notificationRpc.list, { recipientId, first: 100, after });
    all.push(...page.edges.map(({ node }) => node));
    if (!page.hasNextPage) return all;
    after = page.edges.at(-1)!.cursor;
  }
}
