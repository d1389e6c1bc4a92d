import { eventually } from '@fowergram/testing';
import { MAX_MEMBERS } from '../../src/feed/feed.keys.js';
import { oldPosts } from '../feed-oracle.js';
import { newUserIds, type World } from '../world.js';
import { Dice } from './dice.js';
import { disturbances, goOn } from './disturbances.js';
import { Edges } from './edges.js';
import { readFeed } from './read-feed.js';
import { type KnownPost, pair, type Scene } from './scene.js';
import type { SecondProcess } from './second-process.js';
import { stepsOfPosts } from './steps-of-posts.js';
import { changeFollow, stepsOfUsers } from './steps-of-users.js';
import type { Truth } from './truth.js';

const USERS = 6;
const MANY_POSTS = 300;
const STEPS = [...stepsOfPosts, ...stepsOfUsers, ...disturbances];
/** A machine that does a hundred other things at once gets this long; the report has how long it took. */
const ARRIVES_WITHIN_MS = 20_000;

export interface Stage {
  world: World;
  truth: Truth;
  second?: SecondProcess;
}

/** A few users with a history of their own: random steps, and their feeds beside the truth. */
export class Island {
  private readonly scene: Scene;
  private steps = 0;
  private slowestMs = 0;
  /** What was acknowledged, to be read where a feed differs. */
  private readonly trail: string[] = [];

  constructor(
    { world, truth, second }: Stage,
    private readonly number: number,
    seed: number,
  ) {
    const dice = new Dice(seed + number * 1_000_003);
    const users = newUserIds(USERS);
    const [edges, posts, onTheirWay] = [new Edges(), [], new Set<string>()];
    this.scene = { world, truth, second, dice, island: number, users, edges, posts, onTheirWay, events: [] };
  }

  /** Runs so many steps; answers how long a post was on its way to the last of its feeds. Throws where a feed differs. */
  async run(count: number, oldCount: number): Promise<number> {
    await this.begin(oldCount);
    while (this.steps < count) {
      for (let left = 1 + this.scene.dice.below(6); left > 0; left--) await this.step();
      await this.checkAll();
    }
    await goOn(this.scene);
    return this.slowestMs;
  }

  private async begin(oldCount: number): Promise<void> {
    const { world, truth, users, posts, dice } = this.scene;
    await truth.addUsers(this.number, users);
    // Many are of one author, so that they fill the caches of all who follow.
    await oldPosts(world, oldCount > MAX_MEMBERS ? [dice.pick(users)] : users, oldCount);
    await truth.write([[TAKE_OLD_POSTS, [this.number, users]]]);
    const old = await world.db.query<KnownPost>(OLD_POSTS, [users]);
    posts.push(...old);
    for (const who of users)
      for (const whom of users)
        if (who !== whom && dice.chance(0.5)) await truth.write(await changeFollow(this.scene, who, whom, true));
  }

  /** One step, while somebody reads: at no moment is there a post that belongs there neither before nor after. */
  private async step(): Promise<void> {
    const { world, truth, users, dice, onTheirWay } = this.scene;
    const step = dice.weighted(STEPS);
    const [viewerId, first] = [dice.pick(users), 1 + dice.below(20)];
    const isPolled = dice.chance(0.5);
    const before = isPolled ? await this.expected([viewerId]) : undefined;
    const [facts, seen] = await Promise.all([
      step(this.scene),
      isPolled ? readFeed(world, viewerId, first, dice.chance(0.7)) : [],
    ]);
    await truth.write(facts);
    this.trail.push(
      `${this.steps++}: ${step.name} ${JSON.stringify(facts.map(([sql, values]) => [sql.trim().slice(0, 60), values]))}`,
    );
    if (!before) return;
    const after = await this.expected([viewerId]);
    this.checkPoll(viewerId, seen, before.get(viewerId)!, after.get(viewerId)!, onTheirWay);
  }

  private checkPoll(viewerId: string, seen: string[], before: string[], after: string[], late: Set<string>): void {
    const either = this.inOrder(new Set([...before, ...after]));
    const both = before.filter((id) => after.includes(id) && !late.has(id));
    const shown = new Set(seen);
    this.compare(
      viewerId,
      'during a step',
      seen,
      either.filter((id) => shown.has(id)),
    );
    this.compare(
      viewerId,
      'during a step',
      both.filter((id) => shown.has(id)),
      both,
    );
  }

  /** Everybody sees what belongs into their feed, in order; a post that is on its way may come a moment later. */
  private async checkAll(): Promise<void> {
    const { onTheirWay } = this.scene;
    const users = this.looksAt();
    const expected = await this.expected(users);
    const startedAt = Date.now();
    for (const viewerId of users) {
      const due = expected.get(viewerId)!.filter((id) => !onTheirWay.has(id));
      const seen = await this.read(viewerId);
      const shown = new Set([...seen, ...due]);
      this.compare(
        viewerId,
        'after a step',
        seen,
        expected.get(viewerId)!.filter((id) => shown.has(id)),
      );
    }
    if (onTheirWay.size === 0) return;
    await goOn(this.scene);
    for (const viewerId of users)
      await eventually(
        async () => this.compare(viewerId, 'in the end', await this.read(viewerId), expected.get(viewerId)!),
        ARRIVES_WITHIN_MS,
      );
    this.slowestMs = Math.max(this.slowestMs, Date.now() - startedAt);
    onTheirWay.clear();
  }

  /** Long feeds are looked at in turns, by two at a time. */
  private looksAt(): string[] {
    const { users, posts } = this.scene;
    return posts.length < MANY_POSTS ? users : pair(this.scene);
  }

  private read(viewerId: string): Promise<string[]> {
    return readFeed(this.scene.world, viewerId, 50);
  }

  private expected(viewerIds: string[]): Promise<Map<string, string[]>> {
    return this.scene.truth.feeds(this.number, viewerIds);
  }

  private inOrder(ids: Set<string>): string[] {
    const posts = this.scene.posts.filter(({ id }) => ids.has(id));
    return posts.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
  }

  private compare(viewerId: string, when: string, seen: string[], expected: string[]): void {
    if (seen.length === expected.length && seen.every((id, index) => id === expected[index])) return;
    const missing = expected.filter((id) => !seen.includes(id));
    const extra = seen.filter((id) => !expected.includes(id));
    const twice = seen.filter((id, index) => seen.indexOf(id) !== index);
    const from = seen.findIndex((id, index) => id !== expected[index]);
    const where = `island ${this.number}, step ${this.steps}, user ${viewerId}`;
    const odd = [...missing, ...extra, ...twice];
    const passedOn = this.scene.posts.flatMap(({ id, repostOf }) => (repostOf && odd.includes(id) ? [repostOf] : []));
    const about = this.trail.filter((line) => [...odd, ...passedOn].some((id) => line.includes(id)));
    throw new Error(
      `A feed differs ${when} (${where}): it lacks ${missing.join(' ') || 'nothing'}, has ${extra.join(' ') || 'nothing'} too much` +
        (twice.length > 0 ? `, has ${twice.join(' ')} twice` : '') +
        `. From ${from} of ${expected.length} on there are ${seen.slice(from, from + 3).join(' ')} for ${expected.slice(from, from + 3).join(' ')}.` +
        [' What was done with these, and last:', ...about, ...this.trail.slice(-8)].join('\n  '),
    );
  }
}

const TAKE_OLD_POSTS = `
  insert into truth.post (id, island, author_id, at, caption, audience, state)
  select id, $1, author_id, created_at, caption, audience, state from post where author_id = any($2::uuid[])`;

const OLD_POSTS = `
  select id, author_id as "authorId", (extract(epoch from created_at) * 1000)::float8 as at, null as "repostOf"
  from post where author_id = any($1::uuid[]) order by created_at, id`;
