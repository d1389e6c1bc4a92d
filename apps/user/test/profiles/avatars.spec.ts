import { userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { AvatarsService } from '../../src/profiles/avatars.service.js';
import { openWorld, type World } from '../world.js';
import { FakeMedia } from './fake-media.js';

describe('an avatar', () => {
  let world: World;
  const media = new FakeMedia();
  beforeAll(async () => {
    world = await openWorld();
    await media.serve(world.messaging);
  });
  afterAll(() => world?.close());

  it('is claimed for its owner, shown, and cleared by null', async () => {
    const ann = await world.user();
    const avatarMediaId = media.add(ann.id);
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId })).toEqual({
      ...ann,
      avatarMediaId,
    });
    expect(media.claims.at(-1)).toEqual({
      ownerId: ann.id,
      claimId: avatarMediaId,
      purpose: 'avatar',
      mediaIds: [avatarMediaId],
    });
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'still there' })).toMatchObject({
      avatarMediaId,
    });
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId: null })).toMatchObject({
      avatarMediaId: null,
      bio: 'still there',
    });
    expect((await world.published(userEvent.profileUpdated)).filter(({ userId }) => userId === ann.id)).toHaveLength(3);
  });

  it('can be set again', async () => {
    const ann = await world.user();
    const avatarMediaId = media.add(ann.id);
    for (const change of [{ avatarMediaId }, { avatarMediaId: null }, { avatarMediaId }])
      await world.call(userRpc.updateProfile, { userId: ann.id, ...change });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([{ ...ann, avatarMediaId }]);
  });

  it('is claimed once per key', async () => {
    const ann = await world.user();
    const avatarMediaId = media.add(ann.id);
    const options = { idempotencyKey: newId() };
    const first = await world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId }, options);
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId }, options)).toEqual(first);
    expect(media.claims.filter(({ claimId }) => claimId === avatarMediaId)).toHaveLength(1);
  });

  it('cannot be the media of somebody else, nor one that does not exist', async () => {
    const [ann, bo] = [await world.user(), await world.user()];
    for (const avatarMediaId of [media.add(bo.id), newId()]) {
      const update = world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId, bio: 'x' });
      await expect(update).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['avatarMediaId'] } });
    }
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([ann]);
  });

  it('cannot be media that is not ready', async () => {
    const ann = await world.user();
    const avatarMediaId = media.add(ann.id, 'PROCESSING');
    const update = world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId });
    await expect(update).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['avatarMediaId'], reason: 'MEDIA_NOT_READY' },
    });
  });

  it('is confirmed while it is used, and released when the update failed after its claim', async () => {
    const [ann, bo] = [await world.user(), await world.user()];
    const used = media.add(ann.id);
    await world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId: used });
    const unused = media.add(ann.id);
    await expect(
      world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId: unused, username: bo.username }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });

    await world.app.get(AvatarsService).reconcileClaims();
    expect(media.reconciled.confirmed).toContain(used);
    expect(media.reconciled.released).toContain(unused);
    expect(media.reconciled.released).not.toContain(used);
    expect(media.unconfirmed.size).toBe(0);
  });
});

describe('an avatar while the media service is away', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('is UNAVAILABLE, and the rest of the profile can be changed', async () => {
    const ann = await world.user();
    await expect(
      world.call(userRpc.updateProfile, { userId: ann.id, avatarMediaId: newId(), bio: 'x' }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([ann]);
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'x' })).toMatchObject({ bio: 'x' });
  });
});
