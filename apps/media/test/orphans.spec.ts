import { mediaRpc, type Media } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { OrphansService } from '../src/orphans/orphans.service.js';
import { plainJpeg } from './pictures.js';
import { openWorld, sendFile, type World } from './world.js';

const HOUR_MS = 3_600_000;

describe('The sweep of orphans', () => {
  let world: World;
  let photo: Buffer;

  beforeAll(async () => {
    [world, photo] = await Promise.all([openWorld(), plainJpeg()]);
  });

  afterAll(() => world?.close());

  const sweep = (hoursLater = 0) => world.app.get(OrphansService).sweep(Date.now() + hoursLater * HOUR_MS);
  const claim = (media: Media) =>
    world.call(mediaRpc.claim, { ownerId: media.ownerId, claimId: newId(), purpose: 'post', mediaIds: [media.id] });
  /** Rows are read anew once the second is over for which READY media are cached. */
  const isGone = (id: string) => eventually(async () => (await world.find(id)) === undefined, 3_000);

  it('removes an upload that was not completed within an hour, with what was sent', async () => {
    const upload = await world.createUpload(newId(), photo);
    await sendFile(upload, photo, 'image/jpeg');
    await sweep(0.9);
    expect(await world.objectsOf(upload.media.id)).toHaveLength(1);
    await sweep(1.1);
    expect(await world.find(upload.media.id)).toBeUndefined();
    expect(await world.objectsOf(upload.media.id)).toEqual([]);
    await expect(world.complete(upload.media)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('removes a picture that nobody claimed for a day, and leaves one that somebody did', async () => {
    const [free, used] = [await world.readyMedia(newId()), await world.readyMedia(newId())];
    await claim(used);
    await sweep(23);
    expect(await world.objectsOf(free.id)).not.toEqual([]);
    await sweep(25);
    await isGone(free.id);
    expect(await world.objectsOf(free.id)).toEqual([]);
    expect((await world.find(used.id))?.variants.length).toBe((await world.objectsOf(used.id)).length);
    expect((await fetch((await world.find(used.id))!.variants[0]!.url)).status).toBe(200);
  });

  it('counts the day anew from when a claim was released', async () => {
    const media = await world.readyMedia(newId());
    const claimId = newId();
    await world.call(mediaRpc.claim, { ownerId: media.ownerId, claimId, purpose: 'post', mediaIds: [media.id] });
    await world.db.query(
      `update media set claimed_at = now() - interval '2 days', created_at = now() - interval '2 days', status_at = now() - interval '2 days' where id = $1`,
      [media.id],
    );
    await world.call(mediaRpc.reconcileClaims, { confirmed: [], released: [claimId] });
    await sweep(23);
    expect(await world.objectsOf(media.id)).not.toEqual([]);
    await sweep(25);
    await isGone(media.id);
  });

  it('leaves the row of a rejected picture with its reason, and no object', async () => {
    const rejected = await world.process(Buffer.from('not a picture'));
    await sweep(100);
    expect(await world.find(rejected.id)).toMatchObject({
      status: 'REJECTED',
      rejectionReason: rejected.rejectionReason,
    });
  });

  it('removes the objects that a process left because it died before it could clear', async () => {
    const [ready, rejected] = [await world.readyMedia(newId()), await world.process(Buffer.from('not a picture'))];
    for (const { id, ownerId } of [ready, rejected]) {
      await world.putObject(`uploads/${ownerId}/${id}`, photo);
      await world.db.query(
        `update media set cleared_at = null, status_at = now() - interval '1 minute' where id = $1`,
        [id],
      );
    }
    await world.putObject(`variants/${rejected.id}/w320.webp`, photo);
    await sweep();
    expect(await world.objectsOf(rejected.id)).toEqual([]);
    expect(await world.objectsOf(ready.id)).toEqual(
      ready.variants.map(({ name }) => `variants/${ready.id}/${name}.webp`),
    );
  });

  it('removes objects that no row needs, and leaves all others', async () => {
    const ready = await world.readyMedia(newId());
    await claim(ready);
    const { media: waiting } = await world.createUpload(newId(), photo);
    const needed = [...(await world.objectsOf(ready.id)), `uploads/${waiting.ownerId}/${waiting.id}`];
    await world.putObject(needed.at(-1)!, photo);
    const ghost = newId();
    const strays = [
      `uploads/${newId()}/${ghost}`,
      `variants/${ghost}/w320.webp`,
      `variants/${ready.id}/w999.webp`,
      `uploads/${ready.ownerId}/${ready.id}`,
    ];
    for (const key of [...strays, 'somebody/elses.txt']) await world.putObject(key, photo);
    const left = async () =>
      [
        ...(await world.objectsOf(ready.id)),
        ...(await world.objectsOf(ghost)),
        ...(await world.objectsOf(waiting.id)),
        ...(await world.objectsOf('somebody')),
      ].sort();

    await sweep(0.5);
    expect(await left()).toEqual([...needed, ...strays, 'somebody/elses.txt'].sort());
    await world.db.query(`update media set created_at = now() + interval '2 hours' where id = $1`, [waiting.id]);
    await sweep(2);
    expect(await left()).toEqual([...needed, 'somebody/elses.txt'].sort());
  });

  it('runs in one replica at a time', async () => {
    const upload = await world.createUpload(newId(), photo);
    const { rows } = await world.db.pool.query(
      `select pg_advisory_lock(hashtextextended('media:orphans', 0)), pg_backend_pid() as pid`,
    );
    await sweep(5);
    expect(await world.find(upload.media.id)).toBeDefined();
    await world.db.pool
      .query('select pg_terminate_backend($1)', [(rows[0] as { pid: number }).pid])
      .catch(() => undefined);
    await eventually(async () => {
      await sweep(5);
      return (await world.find(upload.media.id)) === undefined;
    });
  });
});
