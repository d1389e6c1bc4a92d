import { Controller } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Payload } from '@fowergram/contracts-core';
import { eventually, startNats, TestMessaging, type TestNats } from '@fowergram/testing';
import { connectNats, On } from '../src/index.js';
import { makeConsumers, said, startProbeOn } from './probe.js';

const heard: string[] = [];

@Controller()
class Listener {
  @On(said)
  async heard({ text }: Payload<typeof said>): Promise<void> {
    heard.push(text);
  }
}
const parts = { controllers: [Listener] };

describe('A service whose consumer is missing', () => {
  let nats: TestNats;
  let administrator: NatsConnection;
  const now = Date.now;

  beforeEach(async () => {
    nats = await startNats();
    administrator = await connectNats(nats.url, 'administrator');
  });
  afterEach(async () => {
    Date.now = now;
    await administrator.close();
    await nats.stop();
  });

  /** Acts when a service asks for the consumer for the first time. */
  const whenAskedFor = (act: () => void) =>
    administrator.subscribe('$JS.API.CONSUMER.INFO.EVENTS.probe-probe-said', { max: 1, callback: act });

  it('does not start, and says which one is missing and what makes it', async () => {
    // As if the time in which it waits for the administrator were over.
    whenAskedFor(() => void (Date.now = () => now() + 30_000));
    await expect(startProbeOn(nats, parts)).rejects.toThrow(
      'NATS has no consumer probe-probe-said for this service: the step that makes streams and consumers comes first.',
    );
  });

  it('waits for the step that makes it, and hears what was said before', async () => {
    const made = new Promise<void>((resolve) => whenAskedFor(() => void makeConsumers(parts, nats).then(resolve)));
    const messaging = await TestMessaging.open(nats.url);
    await messaging.publish(said, { text: 'hello', times: 1 });
    await messaging.close();
    const probe = await startProbeOn(nats, parts);
    await made;
    await eventually(() => expect(heard).toEqual(['hello']));
    await probe.close();
  });
});
