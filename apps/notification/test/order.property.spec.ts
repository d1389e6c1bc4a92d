import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationRpc } from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import fc from 'fast-check';
import {
  type BuiltEvent,
  type Post,
  commentBy,
  deletePost,
  like,
  postBy,
  addComment,
  unlike,
  deleteComment,
} from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

interface Delivery {
  event: BuiltEvent;
  eventId: string;
}
/** The life of one edge: done, taken back, done again … */
interface Life {
  kind: 'LIKE' | 'COMMENT';
  post: 0 | 1;
  changes: number;
}
interface Story {
  recipientId: string;
  events: BuiltEvent[];
  /** `kind actor post` of everything that must be shown in the end. */
  expected: string[];
}

/** Makes a story of the lives as events in the order in which they happened; the first post may be deleted when all is done. */
function storyOf(lives: Life[], isDeleted: boolean): Story {
  const recipientId = newId();
  const posts: [Post, Post] = [postBy(recipientId), postBy(recipientId)];
  const expected: string[] = [];
  const events = lives.flatMap(({ kind, post: index, changes }) => {
    const [actorId, post] = [newId(), posts[index]];
    const comment = commentBy(actorId, post);
    if (changes % 2 === 1 && !(isDeleted && index === 0)) expected.push(`${kind} ${actorId} ${post.id}`);
    return Array.from({ length: changes }, (_, n): BuiltEvent => {
      if (kind === 'COMMENT') return n % 2 ? deleteComment(comment) : addComment(comment);
      return n % 2 ? unlike(actorId, post) : like(actorId, post);
    });
  });
  return { recipientId, events: isDeleted ? [...events, deletePost(posts[0])] : events, expected: expected.sort() };
}

const life = fc.record({
  kind: fc.constantFrom('LIKE' as const, 'COMMENT' as const),
  post: fc.constantFrom(0 as const, 1 as const),
  changes: fc.integer({ min: 1, max: 4 }),
});

/** Any story in any order, some of it delivered twice, so many deliveries at a time. */
const deliveries = fc
  .record({
    lives: fc.array(life, { minLength: 1, maxLength: 4 }),
    isDeleted: fc.boolean(),
    atOnce: fc.constantFrom(1, 3, 16),
  })
  .chain(({ lives, isDeleted, atOnce }) => {
    const size = lives.reduce((sum, { changes }) => sum + changes, isDeleted ? 1 : 0);
    const order = fc
      .tuple(fc.array(fc.nat(size - 1), { maxLength: size }), fc.infiniteStream(fc.nat()))
      .map(([again, dice]) => {
        const all = [...Array(size).keys(), ...again];
        return all
          .map((index) => ({ index, key: dice.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ index }) => index);
      });
    return fc.record({
      lives: fc.constant(lives),
      isDeleted: fc.constant(isDeleted),
      atOnce: fc.constant(atOnce),
      order,
    });
  });

/** Calls `between` before the first delivery and after each batch of them. */
async function deliver(
  story: Story,
  order: number[],
  atOnce: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const ids = story.events.map(() => newId());
  const all = order.map((index): Delivery => ({ event: story.events[index]!, eventId: ids[index]! }));
  await between();
  for (let done = 0; done < all.length; done += atOnce) {
    await Promise.all(all.slice(done, done + atOnce).map(({ event, eventId }) => world.deliver(event, eventId)));
    await between();
  }
}

/** Somebody who comes back now and then with the last cursor, and keeps what came under the id of each notification. */
class Subscriber {
  private last = encodeSequence(0);
  private readonly cursorOf = new Map<string, string>();
  private readonly received: string[] = [];

  constructor(private readonly recipientId: string) {}

  async resume(): Promise<void> {
    const page = await world.call(notificationRpc.since, {
      recipientId: this.recipientId,
      after: this.last,
      limit: 500,
    });
    for (const { cursor, node } of page.edges) this.cursorOf.set(node.id, cursor);
    this.received.push(...page.edges.map(({ cursor }) => cursor));
    this.last = page.head;
  }

  /** Everything that is shown has come, once under the cursor that it is shown at, however often the subscriber was away. */
  expectToKnow(shown: NotificationEdge[]): void {
    expect(shown.map(({ cursor, node }) => [node.id, this.cursorOf.get(node.id), cursor])).toEqual(
      shown.map(({ cursor, node }) => [node.id, cursor, cursor]),
    );
    expect(new Set(this.received).size).toBe(this.received.length);
  }
}

/** Reads from every cursor that exists and checks what must hold whatever happened; answers what is shown. */
async function checkSequence(recipientId: string): Promise<NotificationEdge[]> {
  const read = (sequence: number) =>
    world.call(notificationRpc.since, { recipientId, after: encodeSequence(sequence), limit: 500 });
  const all = await read(0);
  const head = decodeSequence(all.head);
  const sequences = all.edges.map(({ cursor }) => decodeSequence(cursor));
  for (let sequence = 0; sequence <= head; sequence++) {
    const { edges } = await read(sequence);
    expect(edges.map(({ cursor }) => decodeSequence(cursor))).toEqual(sequences.filter((other) => other > sequence));
  }
  // Every number was given to one notification, which was pushed under it, once.
  const pushed = (await world.pushesTo(recipientId)).map(({ cursor }) => decodeSequence(cursor));
  expect(pushed).toEqual(Array.from({ length: head }, (_, n) => n + 1));
  return all.edges;
}

const shown = (edges: NotificationEdge[]): string[] =>
  edges.map(({ node }) => `${node.kind} ${node.actorIds[0]} ${node.postId}`).sort();

describe('Events in any order', () => {
  it('bring to a subscriber who resumes at any time exactly what the list shows, where the list shows it', async () => {
    await fc.assert(
      fc.asyncProperty(
        deliveries,
        fc.infiniteStream(fc.boolean()),
        async ({ lives, isDeleted, atOnce, order }, dice) => {
          const story = storyOf(lives, isDeleted);
          const [always, sometimes] = [new Subscriber(story.recipientId), new Subscriber(story.recipientId)];
          await deliver(story, order, atOnce, async () => {
            await always.resume();
            if (dice.next().value) await sometimes.resume();
          });
          await sometimes.resume();
          const { edges } = await world.call(notificationRpc.list, { recipientId: story.recipientId, first: 100 });
          always.expectToKnow(edges);
          sometimes.expectToKnow(edges);
          const { count } = await world.call(notificationRpc.unreadCount, { recipientId: story.recipientId });
          expect(count).toBe(edges.length);
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it('show exactly the edges that are there, each once, under numbers without gaps', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ lives, isDeleted, atOnce, order }) => {
        const story = storyOf(lives, isDeleted);
        await deliver(story, order, atOnce);
        expect(shown(await checkSequence(story.recipientId))).toEqual(story.expected);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('end with one notification after like, unlike, like, unlike and like, in all 120 orders', async () => {
    for (const order of permutations([0, 1, 2, 3, 4])) {
      const story = storyOf([{ kind: 'LIKE', post: 0, changes: 5 }], false);
      await deliver(story, order, 1);
      const edges = await checkSequence(story.recipientId);
      expect([order, shown(edges)]).toEqual([order, story.expected]);
    }
  }, 60_000);

  it('lead to what each of many users should see when the events of all come at once', async () => {
    const stories = userIds(10).map(() =>
      storyOf(
        Array.from({ length: 8 }, (_, n): Life => ({
          kind: n % 3 ? 'LIKE' : 'COMMENT',
          post: n % 2 ? 1 : 0,
          changes: (n % 4) + 1,
        })),
        true,
      ),
    );
    await world.publishAndConsume(...stories.flatMap(({ events }) => events).reverse());
    for (const story of stories) expect(shown(await checkSequence(story.recipientId))).toEqual(story.expected);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
