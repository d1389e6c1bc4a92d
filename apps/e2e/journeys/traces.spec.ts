import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@fowergram/testing';
import { type Network, serviceNames, startNetwork } from '../src/network.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from '../src/trace-receiver.js';

describe('the trace of a client', () => {
  let receiver: TraceReceiver;
  let network: Network;
  let ann: TestUser;
  let bo: TestUser;
  let postId: string;

  beforeAll(async () => {
    receiver = await startTraceReceiver();
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      LOG_LEVEL: 'debug',
    };
    network = await startNetwork({ extra: Object.fromEntries(serviceNames.map((name) => [name, traced])) });
    [ann, bo] = await Promise.all([signUpTestUser(network, 'ann'), signUpTestUser(network, 'bo')]);
    postId = await postPhoto(ann, 'Hello');
  }, 120_000);

  afterAll(async () => {
    await network?.stop();
    await receiver?.stop();
  }, 60_000);

  const spansOf = (traceId: string): ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
  const namesOf = (spans: ReceivedSpan[]): string[] => spans.map(({ service, name }) => `${service}: ${name}`);

  /** The names of all spans of a trace, as soon as these are among them. */
  const traceWith = (traceId: string, expected: string[]): Promise<string[]> =>
    eventually(() => {
      const names = namesOf(receiver.spans.filter((span) => span.traceId === traceId));
      expect(names).toEqual(expect.arrayContaining(expected));
      return names;
    });

  it('goes on through gateway, NATS, SQL, outbox and JetStream into the notification of a like', async () => {
    const traceId = randomBytes(16).toString('hex');
    const clientSpan = randomBytes(8).toString('hex');
    await bo.client.request(
      `mutation ($postId: ID!) { likePost(postId: $postId) { likeCount } }`,
      { postId },
      { traceparent: `00-${traceId}-${clientSpan}-01` },
    );
    await traceWith(traceId, [
      'gateway: POST /graphql',
      'gateway: request',
      'gateway: call post.like.add',
      'post: handle post.like.add',
      'post: pg insert',
      'notification: consume post.liked',
      'notification: pg insert',
    ]);
    const ofGateway = receiver.spans.find((span) => span.traceId === traceId && span.name === 'POST /graphql');
    expect(ofGateway?.parentSpanId).toBe(clientSpan);
  });

  it('is continued by an operation over a WebSocket that names it in its extensions', async () => {
    const traceId = randomBytes(16).toString('hex');
    const socket = bo.client.socket();
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    for await (const { errors } of socket.iterate({
      query: '{ unreadNotificationCount }',
      extensions: { traceparent },
    }))
      expect(errors).toBeUndefined();
    await socket.dispose();
    await traceWith(traceId, [
      'gateway: socket operation',
      'gateway: call notification.count.unread',
      'notification: handle notification.count.unread',
    ]);
  });

  it('goes on from a like to the frame of a socket, and is linked to the trace of who listens there', async () => {
    const [traceId, listener] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    const traceparent = (id: string) => `00-${id}-${randomBytes(8).toString('hex')}-01`;
    const socket = ann.client.socket();
    const received = socket.iterate({
      query: 'subscription { notificationReceived { cursor node { kind } } }',
      extensions: { traceparent: traceparent(listener) },
    });
    const first = received.next();
    await eventually(() => spansOf(listener).some(({ name }) => name === 'socket subscription'));
    const post = await postPhoto(ann, 'Look');
    await bo.client.request(
      `mutation Like($post: ID!) { likePost(postId: $post) { likeCount } }`,
      { post },
      { traceparent: traceparent(traceId) },
    );
    expect((await first).value).toMatchObject({ data: { notificationReceived: { node: { kind: 'LIKE' } } } });
    await socket.dispose();
    await traceWith(traceId, ['gateway: POST /graphql', 'notification: consume post.liked', 'gateway: socket event']);
    const event = spansOf(traceId).find(({ name }) => name === 'socket event');
    expect(event?.links?.map((link) => link.traceId)).toEqual([listener]);
  });

  it('says which operation it was and how it ended, and that a failure of ours is one', async () => {
    const [good, bad] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    const ask = (traceId: string, query: string) =>
      bo.client.answer(query, {}, { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` });
    await ask(good, 'query Count { unreadNotificationCount }');
    await network.services.post.stop();
    await ask(bad, 'query Feed { homeFeed { edges { cursor } } }');
    await network.services.post.start();
    const attributesOf = (traceId: string) =>
      eventually(() => {
        const span = spansOf(traceId).find(({ name }) => name === 'request');
        if (!span) throw new Error('The request has no span.');
        const values = span.attributes.map(({ key, value }) => [key, value.stringValue]);
        return { ...(Object.fromEntries(values) as Record<string, string>), status: span.status?.code };
      });
    expect(await attributesOf(good)).toMatchObject({ 'graphql.operation.name': 'Count', 'fowergram.code': 'OK' });
    expect(await attributesOf(bad)).toMatchObject({
      'graphql.operation.type': 'query',
      'fowergram.code': 'UNAVAILABLE',
      status: 2,
    });
  });

  it('goes on through Redis into the job that processes a picture', async () => {
    const job = await eventually(() => {
      const found = receiver.spans.find(({ name }) => name === 'process process-picture');
      if (!found) throw new Error('The job has no span.');
      return found;
    });
    await traceWith(job.traceId, [
      'gateway: call media.upload.complete',
      'media: addBulk process-picture',
      'media: process process-picture',
      'media: pg update',
      'media: evalsha',
    ]);
  });

  it('has no part in what operators ask, nor in what the services do by themselves', () => {
    const paths = receiver.spans.flatMap(({ attributes }) =>
      attributes.filter(({ key }) => key === 'url.path').map(({ value }) => value.stringValue),
    );
    expect(paths).not.toContainEqual(expect.stringMatching(/^\/(health|metrics)/));
    const roots = receiver.spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(namesOf(roots)).not.toContainEqual(expect.stringMatching(/: (pg|evalsha|set|get)\b/));
  });

  it('leaves no user, token or store in the logs of the services, although everything is logged', async () => {
    const logs = await Promise.all(
      serviceNames.map((name) => readFile(join(network.stack.dataDir, 'logs', `${name}.log`), 'utf8')),
    );
    for (const log of logs) expect(log).toContain('"level":20');
    const [tokenOfAnn, tokenOfBo] = [ann, bo].map(({ client }) => client.token!);
    const secrets = Object.values(network.databases).map((address) => new URL(address).password);
    const hidden = [
      ann.email,
      bo.email,
      ann.password,
      tokenOfAnn!,
      tokenOfBo!,
      ...secrets,
      ...Object.values(network.databases),
    ];
    expect(hidden.filter((each) => logs.some((log) => log.includes(each)))).toEqual([]);
    expect(
      logs.join('').match(/[\w.]+@[\w-]+\.[a-z]{2,}|\beyJ[\w-]{10,}|(?:postgres|postgresql|nats|redis|smtp):\/\/\S+/g),
    ).toBeNull();
  });
});
