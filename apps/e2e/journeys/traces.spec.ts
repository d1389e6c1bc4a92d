import { randomBytes } from 'node:crypto';
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
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '200' };
    network = await startNetwork({ extra: Object.fromEntries(serviceNames.map((name) => [name, traced])) });
    [ann, bo] = await Promise.all([signUpTestUser(network, 'ann'), signUpTestUser(network, 'bo')]);
    postId = await postPhoto(ann, 'Hello');
  }, 120_000);

  afterAll(async () => {
    await network?.stop();
    await receiver?.stop();
  }, 60_000);

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
});
