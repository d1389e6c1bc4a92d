import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { VisibilityRetention } from '@fowergram/visibility';
import { relate, type RelationPart } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

describe('A relation that says nothing any more', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const purge = () => world.app.get(VisibilityRetention, { strict: false }).purge();

  /** Whether the relation is still there when it was changed so many days ago. */
  async function isKept(relation: RelationPart, days: number): Promise<boolean> {
    const [viewer, author] = newUserIds(2) as [string, string];
    await relate(world, viewer, author, relation);
    await world.db.query('update relation set changed_at = $2 where viewer_id = $1', [viewer, daysAgo(days)]);
    await purge();
    return (await world.db.query('select from relation where viewer_id = $1', [viewer])).length === 1;
  }

  it.each<[string, RelationPart, number, boolean]>([
    ['purged after 60 days', {}, 61, false],
    ['kept before, since an older event may still come', {}, 59, true],
    ['purged with a mute that is over for 60 days', { postsMutedUntil: daysAgo(61) }, 90, false],
    ['kept with a mute that ended later', { notificationsMutedUntil: daysAgo(59) }, 90, true],
    ['kept while something is muted', { postsMutedUntil: MUTED_FOR_EVER }, 90, true],
    ['kept while the viewer follows', { follows: true }, 90, true],
    ['kept while the viewer is a close friend', { closeFriend: true }, 90, true],
    ['kept while one blocks the other', { blocked: true }, 90, true],
    ['kept while the viewer has reported the author', { reported: true }, 90, true],
  ])('is %s', async (_title, relation, days, kept) => {
    expect(await isKept(relation, days)).toBe(kept);
  });

  it('counts its days anew with each change', async () => {
    const [viewer, author] = newUserIds(2) as [string, string];
    await relate(world, viewer, author, { follows: true });
    await world.db.query('update relation set changed_at = $2 where viewer_id = $1', [viewer, daysAgo(90)]);
    await relate(world, viewer, author, {});
    await purge();
    expect(await world.db.query('select from relation where viewer_id = $1', [viewer])).toHaveLength(1);
  });

  it('is found by its index, however many others there are', async () => {
    const plan = await world.db.query<{ 'QUERY PLAN': string }>(`explain select ctid from relation
      where not (follows or close_friend or blocked or reported)
        and greatest(changed_at, posts_muted_until, notifications_muted_until) < now() - interval '60 days' limit 2000`);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('relation_idle');
  });
});
