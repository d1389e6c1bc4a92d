import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Profile, userRpc } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { openWorld, type World } from './world.js';

/** A road to Postgres that can be cut, go silent, and come back. */
class Road {
  readonly sockets = new Set<Socket>();
  private server: Server;
  private port = 0;
  private open = true;

  async to(databaseUrl: string): Promise<string> {
    const target = new URL(databaseUrl);
    const { port, hostname } = target;
    this.server = createServer((client) => {
      const upstream = connect(Number(port || 5432), hostname);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
      }
      client.on('data', (bytes) => void (this.open && upstream.write(bytes))).on('close', () => upstream.destroy());
      upstream.on('data', (bytes) => void (this.open && client.write(bytes))).on('close', () => client.destroy());
    });
    await this.listen();
    target.hostname = '127.0.0.1';
    target.port = String(this.port);
    return target.href;
  }

  cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    return closed;
  }

  /** Everything that is under way is lost, but nobody is told. */
  silence(): void {
    this.open = false;
  }

  async mend(): Promise<void> {
    this.open = true;
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) await this.listen();
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.port, '127.0.0.1', () => {
        this.port = (this.server.address() as { port: number }).port;
        resolve();
      });
    });
  }
}

describe('while the database is away', () => {
  const road = new Road();
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => {
    world = await openWorld({ databaseUrl: (real) => road.to(real) });
    [ann, bo] = (await world.people(2)) as [Profile, Profile];
  });
  afterAll(async () => {
    await road.mend();
    await world?.close();
    await road.cut();
  });

  const everything = () => [
    world.call(userRpc.profilesByIds, { ids: [ann.id] }),
    world.call(userRpc.countsByIds, { ids: [ann.id] }),
    world.call(userRpc.relationships, { viewerId: ann.id, userIds: [bo.id] }),
    world.call(userRpc.followers, { userId: ann.id }),
    world.follow(ann, bo),
    world.call(userRpc.updateProfile, { userId: ann.id, bio: 'x' }),
  ];

  it('everything is UNAVAILABLE in time, alive but not ready, and works again afterwards', async () => {
    await road.cut();
    for (const answer of await Promise.allSettled(everything()))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect((await world.app.inject('/health/live')).statusCode).toBe(200);
    expect((await world.app.inject('/health/ready')).statusCode).toBe(503);

    await road.mend();
    await eventually(() => world.call(userRpc.profilesByIds, { ids: [ann.id] }));
    expect(await world.follow(ann, bo)).toMatchObject({ following: true });
    expect(await world.counts(bo)).toMatchObject({ followerCount: 1 });
  });

  it('a database that says nothing at all is UNAVAILABLE by the deadline', async () => {
    road.silence();
    const startedAt = Date.now();
    const reads = await Promise.allSettled([
      world.call(userRpc.profilesByIds, { ids: [ann.id] }),
      world.call(userRpc.countsByIds, { ids: [ann.id] }),
    ]);
    for (const answer of reads) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    await road.mend();
    await eventually(() => world.call(userRpc.profilesByIds, { ids: [ann.id] }));
  });
});
