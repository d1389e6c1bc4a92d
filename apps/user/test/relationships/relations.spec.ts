import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import pg from 'pg';
import { type Profile, userEvent, userRpc } from '@fowergram/contracts-user';
import { openWorld, type World } from '../world.js';

const MIGRATION = 'prisma/user/migrations/20261127200000_privacy_and_relations.sql';

describe('How a viewer stands to others', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  it('is published by an upgrade for each follow that there was before, as the contract says', async () => {
    await world.follow(ann, bo);
    await world.db.query(`delete from outbox where subject = 'evt.user.relation.changed'`);
    const [backfill] = /^insert into outbox[^;]+;/m.exec(readFileSync(MIGRATION, 'utf8'))!;
    await world.db.query(backfill);
    const published = await world.published(userEvent.relationChanged);
    const parsed = published.map((relation) => userEvent.relationChanged.payload.parse(relation));
    expect(parsed).toEqual([
      {
        viewerId: ann.id,
        authorId: bo.id,
        version: expect.any(Number),
        follows: true,
        closeFriend: false,
        blocked: false,
        reported: false,
        postsMutedUntil: null,
        notificationsMutedUntil: null,
      },
    ]);
    await world.unfollow(ann, bo);
    expect((await world.relation(ann, bo))!.version).toBeGreaterThan(published[0]!.version);
  });

  it('is one statement for 100 users', async () => {
    const others = await world.db.query<{ id: string }>(
      `insert into profile (id, username) select gen_random_uuid(), 'other_' || n from generate_series(1, 100) n returning id`,
    );
    const query = jest.spyOn(pg.Client.prototype, 'query');
    const userIds = others.map(({ id }) => id);
    const shown = await world.call(userRpc.relationships, { viewerId: ann.id, userIds });
    const asked = query.mock.calls.filter(([statement]) =>
      /\b(follow|follow_request|block|mute|close_friend)\b/.test((statement as { text?: string }).text ?? ''),
    );
    query.mockRestore();
    expect([shown.length, asked.length]).toEqual([100, 1]);
  });

  it('changes with each command to a higher version, which says the state of then', async () => {
    const states: unknown[] = [];
    for (const step of [
      () => world.follow(ann, bo),
      () => world.change('addCloseFriend', bo, ann),
      () => world.change('mute', ann, bo),
      () => world.change('unmute', ann, bo),
      () => world.change('block', bo, ann),
      () => world.change('unblock', bo, ann),
    ]) {
      await step();
      const { version, follows, closeFriend, blocked, postsMutedUntil } = (await world.relation(ann, bo))!;
      states.push([follows, closeFriend, blocked, postsMutedUntil !== null]);
      expect(version).toBeGreaterThan(0);
    }
    expect(states).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, false, true],
      [true, true, false, false],
      [false, false, true, false],
      [false, false, false, false],
    ]);
  });
});
