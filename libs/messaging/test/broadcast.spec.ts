import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { broadcast } from '@fowergram/contracts-core';
import { newId } from '@fowergram/database';
import { eventually, startNats, type TestNats } from '@fowergram/testing';
import { broadcastSubject, Bus, NATS } from '../src/index.js';
import { type Probe, said, startProbe } from './probe.js';

const ended = broadcast('probe.ended', z.object({ id: z.string() }));

describe('a broadcast', () => {
  let nats: TestNats;
  let replicas: Probe[];
  let heard: string[][];
  let stops: (() => void)[];

  beforeAll(async () => {
    nats = await startNats();
    replicas = [await startProbe({}, nats), await startProbe({}, nats)];
  });
  afterAll(async () => {
    for (const replica of replicas ?? []) await replica.close();
    await nats?.stop();
  });
  beforeEach(() => {
    heard = [[], []];
    stops = [];
  });
  afterEach(() => stops.forEach((stop) => stop()));

  const busOf = (replica: Probe) => replica.app.get(Bus, { strict: false });
  const flush = () =>
    Promise.all(replicas.map((replica) => replica.app.get<NatsConnection>(NATS, { strict: false }).flush()));
  /** Each replica notes what it hears, after `first` has had its turn with it. */
  const listen = async (first: (id: string) => void = () => undefined): Promise<void> => {
    stops = replicas.map((replica, index) =>
      busOf(replica).onBroadcast(ended, ({ id }) => {
        first(id);
        heard[index]!.push(id);
      }),
    );
    await flush();
  };
  const send = (id: string) => busOf(replicas[0]!).broadcast(ended, { id });

  it('is heard by every replica, the one that sends it included', async () => {
    await listen();
    send('a');
    await eventually(() => heard.every((ids) => ids.includes('a')));
    expect(heard).toEqual([['a'], ['a']]);
  });

  it('is not heard any more after the listener has ended', async () => {
    await listen();
    stops[1]!();
    await flush();
    send('b');
    await eventually(() => heard[0]!.includes('b'));
    await flush();
    expect(heard[1]).toEqual([]);
  });

  it('may be an event, which every replica then hears once', async () => {
    const texts: string[][] = [[], []];
    stops = replicas.map((replica, index) =>
      busOf(replica).onBroadcast(said, ({ text, times }) => texts[index]!.push(`${text}${times}`)),
    );
    await flush();
    await replicas[0]!.messaging.publish(said, { text: 'hello', times: 2 }, newId());
    await eventually(() => texts.every((all) => all.length > 0));
    expect(texts).toEqual([['hello2'], ['hello2']]);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['not what its contract says', '{"id":7}'],
  ])('that is %s is ignored, and the next one is heard', async (_what, body) => {
    await listen();
    replicas[0]!.nats.publish(broadcastSubject(ended), body);
    await replicas[0]!.nats.flush();
    send('c');
    await eventually(() => heard.every((ids) => ids.includes('c')));
    expect(heard).toEqual([['c'], ['c']]);
  });

  it('leaves the connection as it is when a listener throws', async () => {
    await listen((id) => {
      if (id === 'bad') throw new Error('a bug of the listener');
    });
    send('bad');
    send('good');
    await eventually(() => heard.every((ids) => ids.includes('good')));
    await expect(flush()).resolves.toBeDefined();
  });

  it('is dropped without an error when the connection is closed', async () => {
    const leaving = await startProbe({}, nats);
    const bus = busOf(leaving);
    await leaving.close();
    expect(() => bus.broadcast(ended, { id: 'late' })).not.toThrow();
  });
});
