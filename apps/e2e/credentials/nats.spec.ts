import type { JetStreamManager } from '@nats-io/jetstream';
import { jetstreamManager } from '@nats-io/jetstream';
import * as media from '@fowergram/contracts-media';
import * as notification from '@fowergram/contracts-notification';
import * as post from '@fowergram/contracts-post';
import * as user from '@fowergram/contracts-user';
import { readServiceMap, type ServiceMap } from '../../../tools/permissions/service-map.mjs';
import { NatsClient } from '../src/credentials/nats-client.js';
import { services, startStores, type Stores } from '../src/credentials/stores.js';

interface AnyContract {
  kind?: string;
  subject?: string;
  name?: string;
}
const contracts = [media, notification, post, user]
  .flatMap((library) => Object.entries(library))
  .filter(([name]) => /(Rpc|Event|Push)$/.test(name))
  .flatMap(([, group]) => Object.values(group) as AnyContract[]);
const requests = contracts.flatMap(({ kind, subject }) => (kind ? [`rpc.${subject}`] : []));
const events = contracts.flatMap(({ kind, subject }) => (!kind && subject ? [`evt.${subject}`] : []));
const pushes = contracts.flatMap(({ name }) => (name ? [`realtime.some-user.${name}`] : []));

const sorted = (subjects: string[]) => [...subjects].sort();
const prefixed = (prefix: string, subjects: string[]) => sorted(subjects.map((subject) => prefix + subject));

describe.each(services)('With the NATS credentials of %s', (service) => {
  let stores: Stores;
  let client: NatsClient;
  const map: ServiceMap = readServiceMap(process.cwd());
  const { calls, publishes, pushes: pushed, answers, hears, reads, receives, consumes } = map[service]!;
  const consumerOf = (name: string, subject: string) => `${name}-${subject.replaceAll('.', '-')}`;
  const consumers = Object.entries(map).flatMap(([name, uses]) =>
    uses.consumes.map((subject) => consumerOf(name, subject)),
  );
  const own = consumes.map((subject) => consumerOf(service, subject));

  beforeAll(async () => {
    stores = await shared();
    client = await NatsClient.open(stores.stack.nats.urlOf(service), service);
  }, 60_000);
  afterAll(() => client?.close());

  it('one sends the requests that its code sends, and no others', async () => {
    expect(sorted(await client.mayPublish(requests))).toEqual(prefixed('rpc.', calls));
  });

  it('one publishes its own events and pushes, and no others', async () => {
    expect(sorted(await client.mayPublish(events))).toEqual(prefixed('evt.', publishes));
    expect(sorted(await client.mayPublish(pushes))).toEqual(prefixed('realtime.some-user.', pushed));
  });

  it('one answers its own requests as a member of its queue, and overhears none', async () => {
    const asMember = (queue: string) => requests.map((subject) => `${subject} ${queue}`);
    expect(sorted(await client.maySubscribe(asMember(service)))).toEqual(
      sorted(answers.map((subject) => `rpc.${subject} ${service}`)),
    );
    const foreign = [...services.filter((name) => name !== service), 'spy'].flatMap(asMember);
    expect(await client.maySubscribe([...requests, ...foreign])).toEqual([]);
  });

  it('one hears the events and pushes that its replicas must hear, and no others', async () => {
    expect(sorted(await client.maySubscribe(events))).toEqual(prefixed('evt.', hears));
    expect(sorted(await client.maySubscribe(pushes))).toEqual(prefixed('realtime.some-user.', receives));
  });

  it('one reads no traffic of others', async () => {
    const others = services.filter((name) => name !== service).map((name) => `_INBOX.${name}.>`);
    const wide = ['>', '*.>', 'rpc.>', 'evt.>', 'dead.>', 'broadcast.>', 'realtime.>', '_INBOX.>', '$JS.>', '$SYS.>'];
    expect(await client.maySubscribe([...wide, ...others])).toEqual([]);
    expect(await client.maySubscribe([`_INBOX.${service}.token`])).toHaveLength(1);
    expect(await client.mayPublish(['_INBOX.gateway.guessed', 'dead.another-consumer', 'anything'])).toEqual([]);
  });

  it('one takes and acknowledges the events of its own consumers, and no others', async () => {
    for (const subjectOf of [
      (consumer: string) => `$JS.API.CONSUMER.INFO.EVENTS.${consumer}`,
      (consumer: string) => `$JS.API.CONSUMER.MSG.NEXT.EVENTS.${consumer}`,
      (consumer: string) => `$JS.ACK.EVENTS.${consumer}.1.1.1.1.0`,
      (consumer: string) => `dead.${consumer}`,
    ])
      expect(sorted(await client.mayPublish(consumers.map(subjectOf)))).toEqual(sorted(own.map(subjectOf)));
  });

  it('one administers nothing of JetStream, and reads the log by its numbers where its code does', async () => {
    const api = [
      'INFO STREAM.NAMES STREAM.LIST STREAM.CREATE.MINE STREAM.CREATE.EVENTS STREAM.UPDATE.EVENTS STREAM.DELETE.EVENTS',
      'STREAM.INFO.EVENTS STREAM.PURGE.EVENTS STREAM.MSG.GET.EVENTS STREAM.MSG.DELETE.EVENTS STREAM.SNAPSHOT.EVENTS',
      'STREAM.RESTORE.EVENTS DIRECT.GET.EVENTS CONSUMER.CREATE.EVENTS CONSUMER.CREATE.EVENTS.mine',
      `CONSUMER.CREATE.EVENTS.mine.evt.user.followed CONSUMER.DURABLE.CREATE.EVENTS.mine CONSUMER.LIST.EVENTS`,
      'CONSUMER.NAMES.EVENTS STREAM.PURGE.DEAD_LETTERS STREAM.DELETE.DEAD_LETTERS',
      ...consumers.map((consumer) => `CONSUMER.DELETE.EVENTS.${consumer}`),
    ].flatMap((line) => line.split(' '));
    const reading = reads.length > 0 ? ['$JS.API.STREAM.INFO.EVENTS', '$JS.API.STREAM.MSG.GET.EVENTS'] : [];
    expect(sorted(await client.mayPublish(api.map((call) => `$JS.API.${call}`)))).toEqual(reading);
  });
});

describe('What somebody did with the credentials of media', () => {
  let client: NatsClient;

  beforeAll(async () => {
    client = await NatsClient.open((await shared()).stack.nats.urlOf('media'), 'media');
  }, 60_000);
  afterAll(() => client?.close());

  it('changes the profile of no user: the request is refused at once, and no deadline is waited for', async () => {
    const attempt = client.nats.request('rpc.user.profile.update', '{}', { timeout: 60_000 });
    await expect(attempt).rejects.toThrow(/Permissions Violation/);
  });

  it('creates and deletes no stream', async () => {
    for (const call of ['STREAM.CREATE.MINE', 'STREAM.DELETE.EVENTS'])
      await expect(client.nats.request(`$JS.API.${call}`, '{}', { timeout: 60_000 })).rejects.toThrow(/Permissions/);
  });
});

describe('The streams', () => {
  let client: NatsClient;
  let manager: JetStreamManager;

  beforeAll(async () => {
    client = await NatsClient.open((await shared()).stack.nats.urlOf('administrator'), 'administrator');
    manager = await jetstreamManager(client.nats);
  }, 60_000);
  afterAll(() => client?.close());

  it.each(['EVENTS', 'DEAD_LETTERS'])('%s loses no message by a command, whoever gives it', async (stream) => {
    expect((await manager.streams.info(stream)).config).toMatchObject({ deny_purge: true, deny_delete: true });
    await expect(manager.streams.update(stream, { deny_purge: false })).rejects.toThrow(/purge/);
    await expect(manager.streams.update(stream, { deny_delete: false })).rejects.toThrow(/delete/);
  });

  it('are made by an administrator who does nothing else: no deletion, no traffic, no event, no other stream', async () => {
    const calls = (lines: string[]) => lines.flatMap((line) => line.split(' ')).map((call) => `$JS.API.${call}`);
    const needed = calls([
      'INFO STREAM.INFO.EVENTS STREAM.CREATE.EVENTS STREAM.UPDATE.EVENTS STREAM.INFO.DEAD_LETTERS STREAM.CREATE.DEAD_LETTERS',
      'STREAM.UPDATE.DEAD_LETTERS STREAM.MSG.GET.DEAD_LETTERS CONSUMER.INFO.EVENTS.mine CONSUMER.CREATE.EVENTS.mine.evt.x',
      'CONSUMER.DURABLE.CREATE.EVENTS.mine',
    ]);
    const others = calls([
      'STREAM.NAMES STREAM.LIST STREAM.CREATE.MINE STREAM.DELETE.EVENTS STREAM.PURGE.EVENTS STREAM.MSG.GET.EVENTS',
      'STREAM.MSG.DELETE.EVENTS STREAM.SNAPSHOT.EVENTS STREAM.RESTORE.EVENTS DIRECT.GET.EVENTS STREAM.DELETE.DEAD_LETTERS',
      'STREAM.PURGE.DEAD_LETTERS STREAM.MSG.DELETE.DEAD_LETTERS CONSUMER.CREATE.DEAD_LETTERS.mine CONSUMER.DELETE.EVENTS.mine',
      'CONSUMER.MSG.NEXT.EVENTS.post-user-followed',
    ]);
    const traffic = [
      ...requests,
      ...events,
      ...pushes,
      'dead.post-user-followed',
      '_INBOX.gateway.guessed',
      'anything',
    ];
    expect(sorted(await client.mayPublish([...needed, ...others, ...traffic]))).toEqual(sorted(needed));
    const wide = ['>', 'rpc.>', 'evt.>', 'dead.>', 'broadcast.>', 'realtime.>', '_INBOX.>', '$JS.>', '$SYS.>'];
    expect(await client.maySubscribe([...wide, ...events, ...requests, '_INBOX.gateway.token'])).toEqual([]);
  });

  it('are not open to somebody without a name or with a wrong password', async () => {
    const { host } = new URL((await shared()).stack.nats.url);
    await expect(NatsClient.open(`nats://${host}`, 'nobody')).rejects.toThrow(/Authorization/i);
    await expect(NatsClient.open(`nats://media:wrong@${host}`, 'media')).rejects.toThrow(/Authorization/i);
  });
});

let stores: Promise<Stores> | undefined;
const shared = (): Promise<Stores> => (stores ??= startStores());
afterAll(async () => (await stores)?.stop());
