import { mediaEvent, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { askOperators, eventually, outboxIsEmpty } from '@fowergram/testing';
import { ProcessingService } from '../src/processing/processing.service.js';
import { plainJpeg } from './pictures.js';
import { openWorld, sendFile, getProcessed, type World } from './world.js';

/** A sweep every other second, and a second of waiting between the first tries of a job. */
const TIMEOUT_MS = 20_000;

describe('The media service during failures', () => {
  let world: World;
  let photo: Buffer;

  beforeAll(async () => {
    [world, photo] = await Promise.all([openWorld(), plainJpeg()]);
  });

  afterAll(() => world?.close());

  const uploaded = async () => {
    const upload = await world.createUpload(newId(), photo);
    expect((await sendFile(upload, photo, 'image/jpeg')).ok).toBe(true);
    return upload.media;
  };
  /** What a process leaves that is killed between the commit of the completion and its job. */
  const completedByKilledProcess = (id: string, starts = 0) =>
    world.db.query(
      `update media set status = 'PROCESSING', status_at = now() - interval '10 seconds', starts = $2 where id = $1`,
      [id, starts],
    );
  const processed = (id: string) => eventually(() => getProcessed(world, id), TIMEOUT_MS);

  it('processes a picture though the process died between the commit and the job', async () => {
    const media = await uploaded();
    await completedByKilledProcess(media.id);
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
  });

  it('processes pictures though Redis lost all their jobs', async () => {
    await world.proxies.store.cut();
    const media = await Promise.all([uploaded(), uploaded(), uploaded()]);
    for (const { id } of media) await completedByKilledProcess(id);
    // The jobs are there and fail, as their store is out of reach.
    await eventually(async () =>
      (await Promise.all(media.map(({ id }) => world.redis.exists(`media:process-picture:${id}`)))).every(Boolean),
    );
    await world.redis.flushall();
    await world.proxies.store.restore();
    for (const { id } of media) expect(await processed(id)).toMatchObject({ status: 'READY' });
  });

  it('accepts uploads while Redis is unreachable, and processes them when it is back', async () => {
    await world.proxies.redis.cut();
    const media = await uploaded();
    const startedAt = Date.now();
    expect(await world.complete(media)).toMatchObject({ status: 'PROCESSING' });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await world.proxies.redis.restore();
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
  });

  it('answers UNAVAILABLE in time while the object store is unreachable, and still creates uploads', async () => {
    const media = await uploaded();
    await world.proxies.store.cut();
    expect((await world.createUpload(newId(), photo)).media.status).toBe('AWAITING_UPLOAD');
    await expect(world.complete(media)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const health = await askOperators(world.app, '/health/ready');
    expect([health.statusCode, health.json()]).toEqual([
      503,
      expect.objectContaining({ checks: expect.objectContaining({ 'object-store': 'down', postgres: 'up' }) }),
    ]);
    await world.proxies.store.restore();
    expect(await world.complete(media)).toMatchObject({ status: 'PROCESSING' });
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(200);
  });

  it('completes an upload though one connection to the object store breaks', async () => {
    const media = await uploaded();
    world.proxies.store.dropNextRequest();
    expect(await world.complete(media)).toMatchObject({ status: 'PROCESSING' });
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
  });

  it('does not reject a picture for the failures of the store, however often it was tried', async () => {
    const media = await uploaded();
    await world.proxies.store.cut();
    const processing = world.app.get(ProcessingService);
    await completedByKilledProcess(media.id);
    for (let round = 0; round < 8; round++)
      await expect(processing.process(media.id, true)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await world.find(media.id))?.status).toBe('PROCESSING');
    await world.proxies.store.restore();
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
  });

  it('ends a picture once when it is processed several times at once', async () => {
    const media = await uploaded();
    const processing = world.app.get(ProcessingService);
    await completedByKilledProcess(media.id);
    await Promise.all(Array.from({ length: 4 }, () => processing.process(media.id, false)));
    await processing.process(media.id, false);
    expect(await processed(media.id)).toMatchObject({ status: 'READY' });
    expect((await world.published(mediaEvent.ready)).filter((event) => event.mediaId === media.id)).toHaveLength(1);
    expect(await world.published(mediaEvent.rejected)).toEqual([]);
  });

  it('rejects a picture that takes the process down with it each time', async () => {
    const media = await uploaded();
    await completedByKilledProcess(media.id, 5);
    expect(await processed(media.id)).toMatchObject({
      status: 'REJECTED',
      rejectionReason: 'The picture could not be processed.',
    });
    expect(await world.objectsOf(media.id)).toEqual([]);
  });

  it('rejects a picture whose file is lost, and asks to upload it again', async () => {
    const { media } = await world.createUpload(newId(), photo);
    await completedByKilledProcess(media.id);
    expect(await processed(media.id)).toMatchObject({
      status: 'REJECTED',
      rejectionReason: expect.stringContaining('upload it again'),
    });
  });

  it('publishes every event in the end', async () => {
    await eventually(() => outboxIsEmpty(world.db));
  });
});

describe('A start without the object store', () => {
  it('answers at once, makes its bucket when the store comes, and works from then on', async () => {
    const world = await openWorld({ storeIsDown: true });
    try {
      expect((await askOperators(world.app, '/health/live')).statusCode).toBe(200);
      expect((await askOperators(world.app, '/health/ready')).json()).toMatchObject({
        checks: { 'object-store': 'down' },
      });
      expect(await world.call(mediaRpc.byIds, { ids: [newId()] })).toEqual([]);
      await world.proxies.store.restore();
      await eventually(async () => (await askOperators(world.app, '/health/ready')).statusCode === 200);
      expect(await world.process(await plainJpeg())).toMatchObject({ status: 'READY' });
    } finally {
      await world.close();
    }
  });
});
