import fc from 'fast-check';
import { hashtagRpc, postRpc } from '@fowergram/contracts-post';
import { relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('The home feed of somebody who follows hashtags', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  let number = 0;
  const follow = (userId: string, name: string) => world.call(hashtagRpc.follow, { userId, name });
  const unfollow = (userId: string, name: string) => world.call(hashtagRpc.unfollow, { userId, name });

  /** What the feed should be, as one plain statement over the truth. */
  async function oracle(viewerId: string): Promise<string[]> {
    const rows = await world.db.query<{ id: string }>(
      `select id from post
       where state = 'PUBLISHED' and (author_id = any($1::uuid[]) or (audience = 'PUBLIC' and hashtags && $2::text[]))
       order by created_at desc, id desc`,
      [[viewerId, ...world.users.followeesOf(viewerId)], await world.call(hashtagRpc.followed, { userId: viewerId })],
    );
    return rows.map(({ id }) => id);
  }

  it('has posts with them from the answer on and no longer when unfollowed, each post once', async () => {
    const [viewer, ann, stranger] = newUserIds(3) as [string, string, string];
    world.users.follow(viewer, ann);
    const [one, two] = [`feed${++number}`, `feed${++number}`];
    const ids = [
      await world.post(stranger, { caption: `#${one}` }),
      await world.post(ann, { caption: `#${one} #${two}` }),
      await world.post(stranger, { caption: `#${two} #${one}` }),
      await world.post(viewer, { caption: `#${two}` }),
      await world.post(stranger),
    ].map(({ id }) => id);
    expect(await world.feed(viewer, 2)).toEqual([ids[3], ids[1]]);
    await follow(viewer, one);
    await follow(viewer, two);
    expect(await world.feed(viewer, 2)).toEqual([ids[3], ids[2], ids[1], ids[0]]);
    await unfollow(viewer, one);
    expect(await world.feed(viewer, 2)).toEqual([ids[3], ids[2], ids[1]]);
  });

  it('loses a post with its hashtag, its audience or its author, at once and where the feed is warm', async () => {
    const [viewer, ann] = newUserIds(2) as [string, string];
    const name = `feed${++number}`;
    const posts = [];
    for (let index = 0; index < 4; index++) posts.push(await world.post(ann, { caption: `#${name}` }));
    const ids = posts.map(({ id }) => id);
    await follow(viewer, name);
    expect(await world.feed(viewer, 3)).toEqual([...ids].reverse());
    await world.call(postRpc.update, { id: ids[0]!, userId: ann, audience: 'FOLLOWERS' });
    await world.db.query(`update post set caption = '', hashtags = '{}' where id = $1`, [ids[1]]);
    expect(await world.feed(viewer, 3)).toEqual([ids[3], ids[2]]);
    await world.call(postRpc.delete, { id: ids[2]!, userId: ann });
    expect(await world.feed(viewer, 3)).toEqual([ids[3]]);
    await relate(world, viewer, ann, { blocked: true });
    expect(await world.feed(viewer, 3)).toEqual([]);
  });

  it('skips nothing behind posts with muted words that fill what is read of the hashtag', async () => {
    const [viewer, followee, stranger] = newUserIds(3) as [string, string, string];
    const name = `feed${++number}`;
    const ids = [];
    for (let count = 0; count < 4; count++) ids.unshift((await world.post(followee)).id);
    ids.unshift((await world.post(stranger, { caption: `a dog #${name}` })).id);
    for (let count = 0; count < 3; count++) await world.post(stranger, { caption: `a cat #${name}` });
    world.users.follow(viewer, followee);
    await follow(viewer, name);
    const mutedWords = { userId: viewer, version: 1, words: [{ text: 'cat', expiresAt: null }] };
    await world.call(postRpc.applyVisibility, { relations: [], accounts: [], mutedWords });
    for (const pageSize of [2, 50]) expect(await world.feed(viewer, pageSize)).toEqual(ids);
  });

  it('is the same from the cache, from Postgres and while Redis is away, whatever is posted and followed', async () => {
    const names = [`feed${++number}`, `feed${++number}`, `feed${++number}`];
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('post' as const), who: fc.nat(2), tags: fc.subarray(names) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constantFrom('follow' as const, 'unfollow' as const), name: fc.nat(2) }),
      },
      { weight: 1, arbitrary: fc.constant({ do: 'flush' as const }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('read' as const), pageSize: fc.integer({ min: 1, max: 5 }) }),
      },
    );
    const run = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 16 }), async (steps) => {
      const [viewer, followee, stranger] = newUserIds(3) as [string, string, string];
      world.users.follow(viewer, followee);
      for (const next of steps) {
        if (next.do === 'post')
          await world.post([viewer, followee, stranger][next.who]!, {
            caption: next.tags.map((tag) => `#${tag}`).join(' '),
          });
        else if ('name' in next) await (next.do === 'follow' ? follow : unfollow)(viewer, names[next.name]!);
        else if (next.do === 'flush') await world.redis.client.flushall();
        else await world.feed(viewer, next.pageSize);
      }
      await world.untilIdle();
      for (const pageSize of [2, 50]) expect(await world.feed(viewer, pageSize)).toEqual(await oracle(viewer));
    });
    await fc.assert(run, { numRuns: 6 });
    const [viewer] = newUserIds(1) as [string];
    for (const name of names) await follow(viewer, name);
    await world.redis.kill();
    try {
      expect(await world.feed(viewer, 3)).toEqual(await oracle(viewer));
    } finally {
      await world.redis.revive();
    }
  }, 60_000);
});
