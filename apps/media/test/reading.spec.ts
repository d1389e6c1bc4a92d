import { mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { openWorld, type World } from './world.js';

describe('media.by-ids', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  it('answers in the order of the ids, as often as each was asked for, and leaves out what does not exist', async () => {
    const [one, two] = await Promise.all([world.readyMedia(newId()), world.readyMedia(newId())]);
    const found = await world.call(mediaRpc.byIds, { ids: [two.id, newId(), one.id, two.id] });
    expect(found).toEqual([two, one, two]);
  });

  it('finds for an owner only what is theirs, also where it was read by others just now', async () => {
    const ownerId = newId();
    const [own, other] = [await world.readyMedia(ownerId), await world.readyMedia(newId())];
    await world.call(mediaRpc.byIds, { ids: [own.id, other.id] });
    expect(await world.call(mediaRpc.byIds, { ids: [own.id, other.id], ownerId })).toEqual([own]);
  });

  it('shows what is not READY yet as it is at this moment', async () => {
    const { media } = await world.createUpload(newId(), Buffer.alloc(10));
    expect(await world.find(media.id)).toMatchObject({ status: 'AWAITING_UPLOAD' });
    await world.db.query(`update media set status = 'REJECTED', rejection_reason = 'No.' where id = $1`, [media.id]);
    expect(await world.find(media.id)).toMatchObject({ status: 'REJECTED', rejectionReason: 'No.' });
  });

  it('points at the list when too much is asked for, or something that is no id', async () => {
    await expect(
      world.call(mediaRpc.byIds, { ids: Array.from({ length: 1_001 }, () => newId()) }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['ids'] } });
    await expect(world.call(mediaRpc.byIds, { ids: ['nonsense'] })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['ids', 0] },
    });
  });
});
