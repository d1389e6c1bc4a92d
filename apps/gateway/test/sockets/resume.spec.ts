import fc from 'fast-check';
import { AppError, decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { notificationCursor } from '../support/cursors.js';
import { connect, type Received, type TestSocket } from '../support/socket.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const LIVE = 'subscription ($after: String) { notificationReceived(after: $after) { cursor node { id } } }';
const PAGE = 3;
const LOOKED_AT = 4;

/** What can happen to the notifications of one user and to the connection of the client that follows them. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('new' as const), pushed: fc.boolean(), twice: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdrawn' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('old signal' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconnect' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('owner away once' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const) }) },
);

describe('a client that reconnects with its last cursor', () => {
  let world: World;
  let ann: TestUser;
  /** Numbers of items that were withdrawn stay as holes. */
  let stored: (NotificationEdge | null)[] = [];
  let failures = 0;

  beforeAll(async () => {
    // Its app reconnects a hundred times in some seconds, which is not for a user to do (docs/limits.md).
    world = await openWorld({ RATE_LIMIT_FACTOR: '1000' });
    ann = await world.signUp();
    await world.answer(notificationRpc.since, ({ after }) => {
      if (failures-- > 0) throw new AppError('UNAVAILABLE', 'away');
      const from = after === null ? stored.length : decodeSequence(after);
      const edges = stored.slice(from, from + LOOKED_AT).filter((edge) => edge !== null);
      const isFull = edges.length > PAGE;
      const next = !isFull && from + LOOKED_AT < stored.length ? encodeSequence(from + LOOKED_AT) : undefined;
      return {
        edges: edges.slice(0, PAGE),
        hasMore: isFull || next !== undefined,
        next,
        head: encodeSequence(stored.length),
      };
    });
  });
  afterAll(() => world?.close());

  const push = (edge: NotificationEdge) => world.messaging.bus.push(ann.id, notificationPush.added, edge);

  function store(): NotificationEdge {
    const node = {
      id: newId(),
      recipientId: ann.id,
      kind: 'LIKE' as const,
      actorIds: [],
      actorCount: 1,
      postId: null,
      commentId: null,
      isRead: false,
      createdAt: '2026-11-21T09:30:00.000Z',
      updatedAt: '2026-11-21T09:30:00.000Z',
    };
    const edge = { cursor: encodeSequence(stored.length + 1), node };
    stored.push(edge);
    return edge;
  }

  /** Follows as an app does: keeps the last cursor, and comes back with it. */
  class Follower {
    readonly seen: string[] = [];
    private socket: TestSocket | undefined;
    private live: Received | undefined;

    async connect(): Promise<void> {
      const after = this.seen.at(-1) ?? notificationCursor(ann.id, 0);
      this.socket = await connect(world, ann);
      this.live = this.socket.subscribe(LIVE, { after });
      const { data } = this.live;
      data.push = (...items: { notificationReceived: { cursor: string } }[]) =>
        this.seen.push(...items.map((item) => item.notificationReceived.cursor));
    }

    async disconnect(): Promise<void> {
      await this.socket?.close();
    }

    get errors() {
      return this.live?.errors ?? [];
    }
  }

  it('reads on where nothing is shown of a stretch', async () => {
    stored = Array.from({ length: 2 * LOOKED_AT + 1 }, () => null);
    store();
    const follower = new Follower();
    await follower.connect();
    await eventually(() => follower.seen.length > 0);
    await follower.disconnect();
    expect(follower.seen).toEqual([notificationCursor(ann.id, stored.length)]);
  });

  it('sees every notification once and in order, whatever is lost, published twice, withdrawn or away', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        stored = [];
        failures = 0;
        const follower = new Follower();
        await follower.connect();
        for (const each of steps) {
          if (each.kind === 'new') {
            const edge = store();
            if (each.pushed) push(edge);
            if (each.pushed && each.twice) push(edge);
          }
          if (each.kind === 'withdrawn') stored.push(null);
          if (each.kind === 'old signal' && stored[0]) push(stored[0]);
          if (each.kind === 'owner away once') failures = 1;
          if (each.kind === 'pause') await new Promise((resolve) => setImmediate(resolve));
          if (each.kind === 'reconnect') {
            await follower.disconnect();
            await follower.connect();
          }
        }
        failures = 0;
        // The last signal may be lost as well: the next thing that happens brings everything.
        push(store());
        const expected = () => stored.flatMap((edge, index) => (edge ? notificationCursor(ann.id, index + 1) : []));
        try {
          await eventually(async () => {
            // A first read that failed is the answer to the subscription, and the app subscribes again.
            if (follower.errors.length > 0) {
              await follower.disconnect();
              await follower.connect();
            }
            return follower.seen.length >= expected().length;
          }, 5_000);
        } finally {
          await follower.disconnect();
        }
        expect(follower.seen).toEqual(expected());
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
