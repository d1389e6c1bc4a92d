import { randomUUID } from 'node:crypto';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { ownerLock } from '../src/locks/locks.repository.js';
import { VisibilityService } from '../src/visibility/visibility.service.js';
import { openWorld, type World } from './world.js';

describe('Pictures that nobody may see', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const statusesOf = (media: Media): Promise<number[]> =>
    Promise.all(media.variants.map(async ({ url }) => (await fetch(url)).status));

  async function postedMedia(ownerId: string): Promise<{ media: Media; claimId: string }> {
    const media = await world.readyMedia(ownerId);
    const claimId = randomUUID();
    await world.call(mediaRpc.claim, { ownerId, claimId, purpose: 'post', mediaIds: [media.id] });
    return { media, claimId };
  }

  const areGone = (media: Media) =>
    eventually(async () =>
      expect((await statusesOf(media)).every((status) => status === 404 || status === 403)).toBe(true),
    );
  const areThere = (media: Media) =>
    eventually(async () => expect((await statusesOf(media)).every((status) => status === 200)).toBe(true));

  it('are gone at the addresses that were given out when their post is deleted, and only those', async () => {
    const ownerId = newId();
    const [deleted, kept] = [await postedMedia(ownerId), await postedMedia(ownerId)];
    await areThere(deleted.media);
    await world.call(mediaRpc.hideClaims, { claimIds: [deleted.claimId] });
    await areGone(deleted.media);
    await areThere(kept.media);
    expect((await world.objectsOf(deleted.media.id)).every((key) => key.startsWith('hidden/'))).toBe(true);
  });

  it('are for the author alone while their post is archived, and for all when it is back, whatever comes late', async () => {
    const { media, claimId } = await postedMedia(newId());
    const addressesNow = async () => (await world.find(media.id))!;
    await world.call(mediaRpc.hideClaims, { claimIds: [claimId], version: 2 });
    await areGone(media);
    const authors = await eventually(async () => {
      const shown = await addressesNow();
      expect(shown.variants[0]!.url).toContain('hidden/');
      return shown;
    });
    await areThere(authors);
    await world.call(mediaRpc.showClaim, { claimId, version: 4 });
    await world.call(mediaRpc.hideClaims, { claimIds: [claimId], version: 3 });
    await areThere(media);
    await areGone(authors);
  });

  it('are gone while their owner is hidden, and back when the account is', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 2, hidden: true });
    await areGone(media);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 3, hidden: false });
    await areThere(media);
    await eventually(async () =>
      expect((await world.objectsOf(media.id)).every((key) => key.startsWith('variants/'))).toBe(true),
    );
  });

  it('stay as the newest version of the account says, whatever comes late', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 5, hidden: true });
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 4, hidden: false });
    await areGone(media);
  });

  it('stay hidden when the account comes back while their post is deleted', async () => {
    const ownerId = newId();
    const [deleted, kept] = [await postedMedia(ownerId), await postedMedia(ownerId)];
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 2, hidden: true });
    await world.call(mediaRpc.hideClaims, { claimIds: [deleted.claimId] });
    await Promise.all([areGone(deleted.media), areGone(kept.media)]);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 3, hidden: false });
    await areThere(kept.media);
    await areGone(deleted.media);
  });

  it('are moved when the store is back, after it was away', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    await world.proxies.store.cut();
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 2, hidden: true });
    await world.proxies.store.restore();
    await areGone(media);
  });

  it('are moved by the next process when the last one ended in between', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    await world.db.query('update media set owner_hidden = true where owner_id = $1', [ownerId]);
    await world.restart();
    await areGone(media);
  });

  it('are not moved beside the erasure of their owner, which would miss what appears behind it', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    const erasure = await world.db.pool.connect();
    const lock = [ownerLock(ownerId)];
    await erasure.query('select pg_advisory_lock(hashtextextended($1, 0))', lock);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 2, hidden: true });
    await world.app.get(VisibilityService, { strict: false }).moveMisplaced();
    expect(await world.objectsOf(media.id)).toEqual(
      media.variants.map(({ name }) => `variants/${media.id}/${name}.webp`).sort(),
    );
    await erasure.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
    erasure.release();
    await areGone(media);
  });

  it('go with their owner', async () => {
    const ownerId = newId();
    const { media } = await postedMedia(ownerId);
    await world.call(mediaRpc.setOwnerHidden, { ownerId, version: 2, hidden: true });
    await areGone(media);
    await eventually(async () => expect(await world.call(mediaRpc.eraseOwned, { ownerId })).toEqual({ done: true }));
    expect(await world.objectsOf(media.id)).toEqual([]);
  });
});
