// The step of a deployment that only the administrator of NATS may take; it needs nothing of Nest.
import { connectNats } from './connection.js';
import { type DurableConsumer, makeStreams } from './events/streams.js';

/** What of the service map is made here: the events that each service consumes. */
export type ServiceMap = Record<string, { consumes: string[] }>;

/** The durable consumers of all services. */
export const consumersOf = (map: ServiceMap): DurableConsumer[] =>
  Object.entries(map).flatMap(([service, { consumes }]) => consumes.map((subject) => ({ service, subject })));

/** Makes the streams and the consumers of all services on the NATS of this address, which is the administrator's. */
export async function administer(url: string, map: ServiceMap): Promise<void> {
  const nats = await connectNats(url, 'administrator');
  try {
    await makeStreams(nats, consumersOf(map));
  } finally {
    await nats.close();
  }
}
