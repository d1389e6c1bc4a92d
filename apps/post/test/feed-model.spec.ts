import fc from 'fast-check';
import { type Post, postRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newUserIds, openWorld, type World } from './world.js';

const USERS = 4;
const user = fc.integer({ min: 0, max: USERS - 1 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('post' as const), who: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('follow' as const), who: user, whom: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unfollow' as const), who: user, whom: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), nth: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('read' as const), who: user, pageSize: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('hide' as const, 'show' as const), who: user, late: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'wait' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What the feed should be, computed from nothing but the steps themselves. */
class Model {
  readonly ids = newUserIds(USERS);
  private readonly follows = new Set<string>();
  private readonly hidden = new Set<string>();
  private posts: Post[] = [];
  private version = 0;

  constructor(private readonly world: World) {}

  async run(next: Step): Promise<void> {
    switch (next.do) {
      case 'post':
        this.posts.push(await this.world.post(this.ids[next.who]!));
        return;
      case 'delete':
        return this.delete(next.nth);
      case 'read':
        return this.checkNow(this.ids[next.who]!, next.pageSize);
      case 'hide':
      case 'show':
        return this.changeAccount(next.do === 'hide', this.ids[next.who]!, next.late);
      case 'flush':
        await this.world.redis.client.flushall();
        return;
      case 'wait':
        return this.world.untilIdle();
      default:
        if (next.who !== next.whom) await this.change(next.do, this.ids[next.who]!, this.ids[next.whom]!);
    }
  }

  /** When nothing is under way, the feed is exactly what the model says. */
  async checkWhenIdle(): Promise<void> {
    await this.world.untilIdle();
    for (const viewer of this.ids) {
      expect(await this.world.feed(viewer, 3)).toEqual(this.expected(viewer));
      expect(await this.world.feed(viewer, 50)).toEqual(this.expected(viewer));
    }
  }

  /** At any moment: the own posts are all there, nothing is there that should not be, in order, and once. */
  private async checkNow(viewer: string, pageSize: number): Promise<void> {
    const feed = await this.world.feed(viewer, pageSize);
    const expected = this.expected(viewer);
    const own = new Set(this.posts.filter((post) => post.authorId === viewer).map((post) => post.id));
    expect(feed).toEqual(expected.filter((id) => feed.includes(id)));
    expect(feed.filter((id) => own.has(id))).toEqual(expected.filter((id) => own.has(id)));
  }

  private async change(what: 'follow' | 'unfollow', follower: string, followee: string): Promise<void> {
    const edge = `${follower} ${followee}`;
    if (what === 'follow') this.follows.add(edge);
    else this.follows.delete(edge);
    this.world.users[what](follower, followee);
    await this.world.dropFeed(follower);
    const event = what === 'follow' ? userEvent.followed : userEvent.unfollowed;
    await this.world.messaging.publish(event, {
      followerId: follower,
      followeeId: followee,
      version: ++this.version,
      at: new Date().toISOString(),
    });
  }

  /** A late event comes after a newer one and changes nothing. */
  private async changeAccount(hide: boolean, who: string, late: boolean): Promise<void> {
    this.hidden[hide ? 'add' : 'delete'](who);
    await this.world.changeAccount(who, hide ? 'DEACTIVATED' : 'ACTIVE');
    if (late) await this.world.changeAccount(who, hide ? 'ACTIVE' : 'BANNED', 0);
  }

  private async delete(nth: number): Promise<void> {
    if (this.posts.length === 0) return;
    const [post] = this.posts.splice(nth % this.posts.length, 1);
    await this.world.call(postRpc.delete, { id: post!.id, userId: post!.authorId });
  }

  private expected(viewer: string): string[] {
    return this.posts
      .filter(
        (post) =>
          post.authorId === viewer ||
          (this.follows.has(`${viewer} ${post.authorId}`) && !this.hidden.has(post.authorId)),
      )
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1))
      .map((post) => post.id);
  }
}

describe('the home feed under random sequences of actions', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  it('equals a model of follows, posts, deletes and accounts that are hidden and shown again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const model = new Model(world);
        for (const next of steps) await model.run(next);
        await model.checkWhenIdle();
      }),
      { numRuns: 60, interruptAfterTimeLimit: 20_000 },
    );
  }, 60_000);
});
