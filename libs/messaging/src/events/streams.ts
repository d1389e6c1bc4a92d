import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { DEAD_LETTER_STREAM, EVENT_STREAM } from '../subjects.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Makes the two streams where they are missing; safe to repeat and to race. */
export async function ensureStreams(manager: JetStreamManager, nats: NatsConnection): Promise<void> {
  // A cluster keeps every message three times; a server on its own cannot.
  const replicas = nats.info?.cluster ? 3 : 1;
  await ensureStream(manager, EVENT_STREAM, 7 * DAY_MS, replicas);
  await ensureStream(manager, DEAD_LETTER_STREAM, 30 * DAY_MS, replicas);
}

async function ensureStream(
  manager: JetStreamManager,
  stream: { name: string; subjects: string[] },
  maxAgeMs: number,
  replicas: number,
): Promise<void> {
  const exists = await manager.streams.info(stream.name).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await manager.streams.add({
    ...stream,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
    max_age: nanos(maxAgeMs),
    duplicate_window: nanos(120_000),
  });
}
