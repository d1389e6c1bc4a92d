import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNats, type TestNats } from '@fowergram/testing';
import { RequestInbox } from '../src/requests/request-inbox.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the inbox of requests', () => {
  let broker: TestNats;
  let server: NatsConnection;
  let client: NatsConnection;
  let inbox: RequestInbox;
  let reached: string[];

  beforeAll(async () => {
    broker = await startNats();
    const { host, username, password } = new URL(broker.url);
    const options = { servers: host, user: username || undefined, pass: password || undefined };
    [server, client] = await Promise.all([connect(options), connect(options)]);
    inbox = new RequestInbox(client);
  });

  beforeEach(() => {
    reached = [];
  });

  afterAll(async () => {
    await Promise.all([client?.close(), server?.close()]);
    await broker?.stop();
  });

  it('gives each of many requests its own reply, in whatever order they come', async () => {
    const held: (() => void)[] = [];
    server.subscribe('inbox.echo', {
      callback: (_error, message) => {
        held.push(() => message.respond(message.data));
        if (held.length === 100) for (const answer of held.reverse()) answer();
      },
    });
    await server.flush();
    const texts = Array.from({ length: 100 }, (_, index) => `request ${index}`);
    const replies = await Promise.all(
      texts.map((text) => inbox.request('inbox.echo', bytes(text), { timeout: 5_000 })),
    );
    expect(replies.map((reply) => reply.string())).toEqual(texts);
  });

  it('rejects at once when nobody serves the subject', async () => {
    await expect(inbox.request('inbox.nobody', bytes('?'), { timeout: 60_000 })).rejects.toThrow(
      'Nobody serves this subject.',
    );
  });

  it('rejects when the time is over, and ignores the reply that comes later and one that comes twice', async () => {
    server.subscribe('inbox.late', {
      callback: (_error, message) => {
        reached.push(message.reply!);
        if (message.string() === 'prompt') for (const text of ['first', 'second']) message.respond(bytes(text));
      },
    });
    await server.flush();
    await expect(inbox.request('inbox.late', bytes('never'), { timeout: 50 })).rejects.toThrow('No reply in 50 ms.');
    server.publish(reached[0]!, bytes('too late'));
    await server.flush();
    const reply = await inbox.request('inbox.late', bytes('prompt'), { timeout: 5_000 });
    expect(reply.string()).toBe('first');
  });

  it('rejects what cannot be published, and what waits when the connection closes', async () => {
    server.subscribe('inbox.silent', { callback: () => undefined });
    await server.flush();
    const tooLarge = new Uint8Array(client.info!.max_payload + 1);
    await expect(inbox.request('inbox.silent', tooLarge, { timeout: 60_000 })).rejects.toThrow();
    const waiting = inbox.request('inbox.silent', bytes('?'), { timeout: 60_000 });
    const rejected = expect(waiting).rejects.toThrow('The connection is closed.');
    await client.close();
    await rejected;
  });
});
