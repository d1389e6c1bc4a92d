import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationRpc } from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import fc from 'fast-check';
import { type Deed, type Post, commentBy, deletePost, like, postBy, say, unlike, unsay } from './deeds.js';
import { openWorld, people, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

interface Delivery {
  deed: Deed;
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
  deeds: Deed[];
  /** `kind actor post` of everything that must be shown in the end. */
  expected: string[];
}

/** Tells the lives as events in the order in which they happened; the first post may be deleted when all is done. */
function tell(lives: Life[], isDeleted: boolean): Story {
  const recipientId = newId();
  const posts: [Post, Post] = [postBy(recipientId), postBy(recipientId)];
  const expected: string[] = [];
  const deeds = lives.flatMap(({ kind, post: place, changes }) => {
    const [actorId, post] = [newId(), posts[place]];
    const comment = commentBy(actorId, post);
    if (changes % 2 === 1 && !(isDeleted && place === 0)) expected.push(`${kind} ${actorId} ${post.id}`);
    return Array.from({ length: changes }, (_, n): Deed => {
      if (kind === 'COMMENT') return n % 2 ? unsay(comment) : say(comment);
      return n % 2 ? unlike(actorId, post) : like(actorId, post);
    });
  });
  return { recipientId, deeds: isDeleted ? [...deeds, deletePost(posts[0])] : deeds, expected: expected.sort() };
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

async function deliver(story: Story, order: number[], atOnce: number): Promise<void> {
  const ids = story.deeds.map(() => newId());
  const all = order.map((index): Delivery => ({ deed: story.deeds[index]!, eventId: ids[index]! }));
  for (let done = 0; done < all.length; done += atOnce) {
    await Promise.all(all.slice(done, done + atOnce).map(({ deed, eventId }) => world.deliver(deed, eventId)));
  }
}

/** Reads from every cursor that exists and checks what must hold whatever happened; answers what is shown. */
async function checkSequence(recipientId: string): Promise<NotificationEdge[]> {
  const read = (place: number) =>
    world.call(notificationRpc.since, { recipientId, after: encodeSequence(place), limit: 500 });
  const all = await read(0);
  const head = decodeSequence(all.head);
  const places = all.edges.map(({ cursor }) => decodeSequence(cursor));
  for (let place = 0; place <= head; place++) {
    const { edges } = await read(place);
    expect(edges.map(({ cursor }) => decodeSequence(cursor))).toEqual(places.filter((other) => other > place));
  }
  // Every number was given to one notification, which was pushed under it, once.
  const pushed = (await world.pushesTo(recipientId)).map(({ cursor }) => decodeSequence(cursor));
  expect(pushed).toEqual(Array.from({ length: head }, (_, n) => n + 1));
  return all.edges;
}

const shown = (edges: NotificationEdge[]): string[] =>
  edges.map(({ node }) => `${node.kind} ${node.actorIds[0]} ${node.postId}`).sort();

describe('whatever the order of the events', () => {
  it('exactly the edges that are there are shown, each once, under numbers without gaps', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ lives, isDeleted, atOnce, order }) => {
        const story = tell(lives, isDeleted);
        await deliver(story, order, atOnce);
        expect(shown(await checkSequence(story.recipientId))).toEqual(story.expected);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('like, unlike, like, unlike and like ends with one notification, in all 120 orders', async () => {
    for (const order of permutations([0, 1, 2, 3, 4])) {
      const story = tell([{ kind: 'LIKE', post: 0, changes: 5 }], false);
      await deliver(story, order, 1);
      const edges = await checkSequence(story.recipientId);
      expect([order, shown(edges)]).toEqual([order, story.expected]);
    }
  }, 60_000);

  it('the events of many people to many people, all at once, show what each of them should see', async () => {
    const stories = people(10).map(() =>
      tell(
        Array.from({ length: 8 }, (_, n): Life => ({
          kind: n % 3 ? 'LIKE' : 'COMMENT',
          post: n % 2 ? 1 : 0,
          changes: (n % 4) + 1,
        })),
        true,
      ),
    );
    await world.happened(...stories.flatMap(({ deeds }) => deeds).reverse());
    for (const story of stories) expect(shown(await checkSequence(story.recipientId))).toEqual(story.expected);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, place) => permutations(items.toSpliced(place, 1)).map((rest) => [item, ...rest]));
}
