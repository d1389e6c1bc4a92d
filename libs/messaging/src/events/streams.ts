import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { consumerName, DEAD_LETTER_STREAM, EVENT_STREAM, eventSubject } from '../subjects.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
export const ACK_WAIT_MS = 10_000;
export const MAX_IN_FLIGHT = 64;

/** An event, by its subject, that a service consumes. */
export interface DurableConsumer {
  service: string;
  subject: string;
}

/**
 * Makes the streams and the durable consumers, and brings those that are there up to date; safe to repeat and to race. A service may
 * not do this: it is a step of its own, with the administrator's connection, before the services start. Consumers that nobody names
 * any more stay, since the version of before may still run.
 */
export async function makeStreams(nats: NatsConnection, consumers: readonly DurableConsumer[]): Promise<void> {
  const manager = await jetstreamManager(nats);
  // A cluster keeps every message three times; a server on its own cannot.
  const replicas = nats.info?.cluster ? 3 : 1;
  await makeStream(manager, { ...EVENT_STREAM, num_replicas: replicas, max_age: nanos(7 * DAY_MS) });
  await makeStream(manager, { ...DEAD_LETTER_STREAM, num_replicas: replicas, max_age: nanos(30 * DAY_MS) });
  await Promise.all(consumers.map((consumer) => makeConsumer(manager, consumer)));
}

async function makeConsumer(manager: JetStreamManager, { service, subject }: DurableConsumer): Promise<void> {
  const name = consumerName(service, { subject });
  const limits = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: MAX_IN_FLIGHT, max_deliver: -1 };
  const known = await manager.consumers.info(EVENT_STREAM.name, name).catch(() => undefined);
  if (known) return void (await manager.consumers.update(EVENT_STREAM.name, name, limits));
  await manager.consumers.add(EVENT_STREAM.name, {
    ...limits,
    durable_name: name,
    filter_subject: eventSubject({ subject }),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  });
}

async function makeStream(
  manager: JetStreamManager,
  stream: Pick<StreamConfig, 'name' | 'subjects' | 'num_replicas' | 'max_age'>,
): Promise<void> {
  const known = await manager.streams.info(stream.name).catch(() => undefined);
  // What an operator has set, such as an age, stays as it is.
  if (known?.config.deny_delete && known.config.deny_purge) return;
  if (known) return void (await manager.streams.update(stream.name, { deny_delete: true, deny_purge: true }));
  await manager.streams.add({
    ...stream,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    duplicate_window: nanos(120_000),
    // Events leave by their age alone.
    deny_delete: true,
    deny_purge: true,
  });
}
