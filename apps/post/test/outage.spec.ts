import { connect, createServer, type Server, type Socket } from 'node:net';
import { postRpc } from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import { openWorld, persons, type World } from './world.js';

/** A road to Postgres that can be cut and mended. */
class Road {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private port = 0;

  async to(databaseUrl: string): Promise<string> {
    const target = new URL(databaseUrl);
    const [port, host] = [Number(target.port || 5432), target.hostname];
    this.server = createServer((client) => {
      const upstream = connect(port, host);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    });
    await this.mend();
    target.hostname = '127.0.0.1';
    target.port = String(this.port);
    return target.href;
  }

  async mend(): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.server.once('error', reject).listen(this.port, '127.0.0.1', resolve),
    );
    this.port = (this.server.address() as { port: number }).port;
  }

  cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    return closed;
  }
}

describe('while the database is away', () => {
  const road = new Road();
  let world: World;
  const [ann, viewer] = persons(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld({ databaseUrl: (real) => road.to(real) });
    world.people.follow(viewer, ann);
  });

  afterAll(async () => {
    await world?.close();
    await road.cut();
  });

  it('reads and writes fail as UNAVAILABLE in time, nothing is half done, and all goes on afterwards', async () => {
    const post = await world.post(ann);
    const before = await world.feed(viewer);
    await road.cut();
    const startedAt = Date.now();
    const attempts = await Promise.allSettled([
      world.post(ann),
      world.call(postRpc.like, { postId: post.id, userId: viewer }),
      world.call(postRpc.createComment, { postId: post.id, authorId: viewer, text: 'hi' }),
      world.call(postRpc.byIds, { ids: [post.id], viewerId: viewer }),
      world.call(postRpc.homeFeed, { viewerId: viewer }),
    ]);
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect((await world.app.inject('/health/ready')).statusCode).toBe(503);
    expect((await world.app.inject('/health/live')).statusCode).toBe(200);
    await road.mend();
    await eventually(async () => expect(await world.feed(viewer)).toEqual(before));
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: viewer })).toEqual([post]);
  });
});
