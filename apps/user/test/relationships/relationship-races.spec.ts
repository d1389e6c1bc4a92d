import type { Profile } from '@fowergram/contracts-user';
import { openWorld, type World } from '../world.js';
import { expectConsistent, relationshipOf, setPrivate } from './relationship-world.js';

const TIMES = 25;

/** 50 commands at once, of two kinds: whatever comes first, the tables, counts and registers say one thing. */
describe('Two users who act on each other at the same moment', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  /** Lets both be done many times at once; NOT_FOUND and CONFLICT are outcomes. */
  async function race(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<void> {
    const answers = await Promise.allSettled(Array.from({ length: TIMES }, () => [one(), other()]).flat());
    const codes = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [(answer.reason as { code?: string }).code] : [],
    );
    expect(codes.filter((code) => code !== 'NOT_FOUND' && code !== 'CONFLICT')).toEqual([]);
    await expectConsistent(world);
  }

  it('a follow against a block leaves the block and no follow', async () => {
    await race(
      () => world.follow(ann, bo),
      () => world.change('block', bo, ann),
    );
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ blocking: true, followedBy: false });
  });

  it('an acceptance against a withdrawal leaves a follow or nothing', async () => {
    await setPrivate(world, bo);
    await world.follow(ann, bo);
    await race(
      () => world.change('acceptRequest', bo, ann),
      () => world.unfollow(ann, bo),
    );
    expect(await relationshipOf(world, ann, bo)).toMatchObject({ following: false, requested: false });
  });

  it('an acceptance against a block leaves the block', async () => {
    await setPrivate(world, bo);
    await world.follow(ann, bo);
    await race(
      () => world.change('acceptRequest', bo, ann),
      () => world.change('block', ann, bo),
    );
    expect(await relationshipOf(world, ann, bo)).toMatchObject({ blocking: true, following: false, requested: false });
  });

  it('a switch to public against rejections leaves each either a follower or a stranger', async () => {
    await setPrivate(world, bo);
    const fans = await world.users(TIMES);
    for (const fan of fans) await world.follow(fan, bo);
    const waiting = [...fans];
    await race(
      () => world.change('rejectRequest', bo, waiting.pop()!),
      () => setPrivate(world, bo, false),
    );
    expect(await world.db.query('select from follow_request where followee_id = $1', [bo.id])).toEqual([]);
  });

  it('a switch to private and back against follows leaves nobody who waits for a public account', async () => {
    const fans = await world.users(TIMES);
    const coming = [...fans];
    let isPrivate = false;
    await race(
      () => world.follow(coming.pop()!, bo),
      () => setPrivate(world, bo, (isPrivate = !isPrivate)),
    );
    await setPrivate(world, bo, false);
    await expectConsistent(world);
    for (const fan of fans)
      expect(await relationshipOf(world, fan, bo)).toMatchObject({ following: true, requested: false });
  });

  it('two blocks that cross leave both, and two follows that cross with a block none', async () => {
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann)]);
    await race(
      () => world.change('block', ann, bo),
      () => world.change('block', bo, ann),
    );
    expect(await relationshipOf(world, ann, bo)).toMatchObject({ blocking: true, following: false, followedBy: false });
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ blocking: true });
  });

  it('a removal against a new follow leaves one of the two', async () => {
    await race(
      () => world.follow(ann, bo),
      () => world.change('removeFollower', bo, ann),
    );
    const { following } = await relationshipOf(world, ann, bo);
    expect(await world.relation(ann, bo)).toMatchObject({ follows: following });
  });
});
