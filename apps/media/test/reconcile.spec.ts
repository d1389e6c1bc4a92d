import { mediaOperatorRpc, type Media } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { differenceOf } from '../src/reconcile/reconcile.rules.js';
import { MediaStorage } from '../src/storage/media.storage.js';
import { openWorld, type World } from './world.js';

type Heal = 'NOTHING' | 'PLACES' | 'ALL';

describe('Pictures and objects of different age', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const reconcile = (heal: Heal) => world.call(mediaOperatorRpc.reconcile, { after: null, heal });
  const storage = () => world.app.get(MediaStorage);
  /** Puts the objects where an older store had them. */
  async function hide({ id }: Media): Promise<void> {
    for (const key of await world.objectsOf(id)) await storage().move(key, key.replace('variants/', 'hidden/'));
  }

  it('are found, and nothing is changed before somebody asks for it', async () => {
    const [good, moved, lost] = [
      await world.readyMedia(newId()),
      await world.readyMedia(newId()),
      await world.readyMedia(newId()),
    ];
    await hide(moved);
    const names = lost.variants.map(({ name }) => name);
    await storage().removeFolder(`variants/${lost.id}/`);
    await world.db.query(WITH_ANOTHER_VARIANT, [good.id]);
    const found = {
      checked: 3,
      misplaced: [moved.id],
      lost: [
        { mediaId: good.id, ownerId: good.ownerId, variants: ['w1'] },
        { mediaId: lost.id, ownerId: lost.ownerId, variants: names },
      ].sort((a, b) => (a.mediaId < b.mediaId ? -1 : 1)),
      next: null,
    };
    expect(await reconcile('NOTHING')).toEqual(found);
    expect(await reconcile('PLACES')).toEqual(found);
    const places = moved.variants.map(({ name }) => `variants/${moved.id}/${name}.webp`);
    await eventually(async () => expect(await world.objectsOf(moved.id)).toEqual(places.sort()), 20_000);
    expect(await reconcile('ALL')).toMatchObject({ lost: found.lost });
    expect(await reconcile('NOTHING')).toMatchObject({ misplaced: [], lost: [] });
    await eventually(async () =>
      expect(await world.find(lost.id)).toMatchObject({
        status: 'REJECTED',
        rejectionCode: 'UPLOAD_LOST',
        variants: [],
      }),
    );
    expect((await world.find(good.id))!.variants.map(({ name }) => name)).toEqual(
      good.variants.map(({ name }) => name),
    );
  });

  it('are not compared where rows need no objects', () => {
    const row = { id: newId(), ownerId: newId(), storedHidden: false, variantNames: ['small'] };
    const nothing = { isMisplaced: false, lost: [] };
    expect(differenceOf({ ...row, status: 'PROCESSING', isErased: false }, new Set())).toEqual(nothing);
    expect(differenceOf({ ...row, status: 'READY', isErased: true }, new Set())).toEqual(nothing);
    expect(differenceOf({ ...row, status: 'READY', isErased: false }, new Set())).toMatchObject({ lost: ['small'] });
  });
});

/** As if the row were of a moment at which one more variant was there. */
const WITH_ANOTHER_VARIANT = `
  update media set variants = jsonb_build_array(variants -> 0 || '{"name":"w1"}') || variants where id = $1`;
