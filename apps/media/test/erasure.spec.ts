import { mediaEvent, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { ErasedMediaRepository } from '../src/erasure/erased-media.repository.js';
import { ErasedOwnersRepository } from '../src/erasure/erased-owners.repository.js';
import { OrphansService } from '../src/orphans/orphans.service.js';
import { ProcessingService } from '../src/processing/processing.service.js';
import { MediaStorage } from '../src/storage/media.storage.js';
import { plainJpeg } from './pictures.js';
import { openWorld, sendFile, type World } from './world.js';

const HOUR_MS = 3_600_000;
const refused = { code: 'FORBIDDEN', details: { reason: 'ACCOUNT_DELETED' } };

/** Those of this database only: other tests share the server. */
const WAITING_FOR_LOCKS = `
  select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;

describe('The erasure of an owner', () => {
  let world: World;
  let photo: Buffer;

  beforeAll(async () => {
    [world, photo] = await Promise.all([openWorld(), plainJpeg()]);
  });

  afterAll(() => world?.close());

  const erase = (ownerId: string) => world.call(mediaRpc.eraseOwned, { ownerId });
  /** Leaves the service so many milliseconds for its work, beside the margin that it keeps. */
  const eraseWithin = (ownerId: string, ms: number) =>
    world.messaging.bus.call(mediaRpc.eraseOwned, { ownerId }, { deadlineAt: Date.now() + 1_500 + ms });
  const untilErased = (ownerId: string) => eventually(async () => (await erase(ownerId)).done);
  const rowsOf = (ownerId: string) =>
    world.db.query<{ id: string }>('select id from media where owner_id = $1', [ownerId]);
  const objects = async (ids: string[]) => (await Promise.all(ids.map((id) => world.objectsOf(id)))).flat();

  async function tablesNaming(userId: string): Promise<string[]> {
    const tables = await world.db.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const naming: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await world.db.pool.query(`select from "${name}" as row where row::text like $1 limit 1`, [
        `%${userId}%`,
      ]);
      if (rowCount) naming.push(name);
    }
    return naming.sort();
  }

  /** Media in every state, with answers kept for repeats. */
  async function scene(ownerId = newId()) {
    const key = () => ({ idempotencyKey: newId() });
    const [claimed, free] = [await world.readyMedia(ownerId), await world.readyMedia(ownerId)];
    await world.call(mediaRpc.claim, { ownerId, claimId: newId(), purpose: 'post', mediaIds: [claimed.id] }, key());
    const rejected = await world.process(Buffer.from('no picture'), 'image/jpeg', ownerId);
    const upload = () =>
      world.call(
        mediaRpc.createUpload,
        { ownerId, contentType: 'image/jpeg', byteSize: photo.length, altText: 'secret' },
        { idempotencyKey: `${ownerId}:${newId()}:x` },
      );
    const [waiting, sent, processing] = [await upload(), await upload(), await upload()];
    for (const one of [sent, processing]) expect((await sendFile(one, photo, 'image/jpeg')).ok).toBe(true);
    await world.db.query(`update media set status = 'PROCESSING', status_at = now() where id = $1`, [
      processing.media.id,
    ]);
    return {
      ownerId,
      waiting,
      sent,
      free,
      ids: [claimed.id, free.id, rejected.id, waiting.media.id, sent.media.id, processing.media.id],
    };
  }

  it('removes media in every state, their objects, and every row that names the owner but the one that says so', async () => {
    const [{ ownerId, ids }, other] = [await scene(), await scene()];
    expect(await tablesNaming(ownerId)).toEqual(['idempotency_key', 'media', 'outbox']);
    expect(await objects(ids)).not.toEqual([]);
    await untilErased(ownerId);
    expect(await tablesNaming(ownerId)).toEqual(['erased_owner']);
    expect([await world.objectsOf(ownerId), await objects(ids)]).toEqual([[], []]);
    expect((await rowsOf(other.ownerId)).length).toBe(6);
    expect(await tablesNaming(other.ownerId)).toEqual(['idempotency_key', 'media', 'outbox']);
    expect((await world.find(other.free.id))?.variants.length).toBe((await world.objectsOf(other.free.id)).length);
  });

  it('may be asked for again, and for somebody who never uploaded anything', async () => {
    const { ownerId } = await scene();
    await untilErased(ownerId);
    for (let i = 0; i < 3; i++) expect(await erase(ownerId)).toEqual({ done: true });
    expect(await erase(newId())).toEqual({ done: true });
  });

  it('shows nothing from the first moment on, and takes nothing in', async () => {
    const { ownerId, ids, sent, free } = await scene();
    await world.proxies.store.cut();
    await expect(erase(ownerId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // What was read within the last second may be shown from memory.
    await eventually(async () => (await world.find(free.id)) === undefined, 3_000);
    expect(await world.call(mediaRpc.byIds, { ids })).toEqual([]);
    expect((await rowsOf(ownerId)).length).toBe(6);
    await world.proxies.store.restore();
    const input = { ownerId, contentType: 'image/jpeg' as const, byteSize: photo.length };
    for (const options of [{}, { idempotencyKey: newId() }]) {
      await expect(world.call(mediaRpc.createUpload, input, options)).rejects.toMatchObject(refused);
      await expect(
        world.call(mediaRpc.completeUpload, { ownerId, mediaId: sent.media.id }, options),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await untilErased(ownerId);
    for (const options of [{}, { idempotencyKey: newId() }]) {
      await expect(world.call(mediaRpc.createUpload, input, options)).rejects.toMatchObject(refused);
      await expect(
        world.call(mediaRpc.completeUpload, { ownerId, mediaId: sent.media.id }, options),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(
        world.call(mediaRpc.claim, { ownerId, claimId: newId(), purpose: 'avatar', mediaIds: [free.id] }, options),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await tablesNaming(ownerId)).toEqual(['erased_owner']);
  });

  it('leaves what is sent to an old form afterwards to the sweep, which removes it', async () => {
    const { ownerId, waiting, sent } = await scene();
    await untilErased(ownerId);
    for (const one of [waiting, sent]) expect((await sendFile(one, photo, 'image/jpeg')).ok).toBe(true);
    expect(await world.objectsOf(ownerId)).toHaveLength(2);
    await world.app.get(OrphansService).sweep(Date.now() + 2 * HOUR_MS);
    expect(await world.objectsOf(ownerId)).toEqual([]);
    expect(await rowsOf(ownerId)).toEqual([]);
  });

  it('also removes what lies in the owner’s folder without a row', async () => {
    const ownerId = newId();
    await world.putObject(`uploads/${ownerId}/${newId()}`, photo);
    await untilErased(ownerId);
    expect(await world.objectsOf(ownerId)).toEqual([]);
  });

  it('waits for a picture that is being worked on: nothing is written when the row is gone', async () => {
    const ownerId = newId();
    const upload = await world.createUpload(ownerId, photo);
    await sendFile(upload, photo, 'image/jpeg');
    const storage = world.app.get(MediaStorage);
    const put = storage.putVariant.bind(storage);
    let release = () => undefined as void;
    const released = new Promise<void>((resolve) => (release = resolve));
    let isWriting = false;
    storage.putVariant = async (...args) => {
      isWriting = true;
      await released;
      return put(...args);
    };
    await world.complete(upload.media);
    await eventually(() => isWriting);
    expect(await eraseWithin(ownerId, 300)).toEqual({ done: false });
    expect(await rowsOf(ownerId)).toHaveLength(1);
    release();
    await eventually(async () =>
      (await world.published(mediaEvent.ready)).some((fact) => fact.mediaId === upload.media.id),
    );
    await untilErased(ownerId);
    expect([await world.objectsOf(upload.media.id), await tablesNaming(ownerId)]).toEqual([[], ['erased_owner']]);
    Reflect.deleteProperty(storage, 'putVariant');
  });

  it('begins no work on a picture while its owner is being erased', async () => {
    const { ownerId, ids } = await scene();
    const media = world.app.get(ErasedMediaRepository);
    const remove = media.remove.bind(media);
    const processing = ids.at(-1)!;
    // The objects are gone, the rows are not: what a job would write now would stay.
    media.remove = async (some) => {
      await world.putObject(`uploads/${ownerId}/${processing}`, photo);
      await world.app.get(ProcessingService).process(processing, false);
      return remove(some);
    };
    await untilErased(ownerId);
    Reflect.deleteProperty(media, 'remove');
    expect([await objects(ids), await tablesNaming(ownerId)]).toEqual([[], ['erased_owner']]);
  });

  it('waits for an upload that is being begun, and removes it', async () => {
    const ownerId = newId();
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      await session.query(`select pg_advisory_xact_lock_shared(hashtextextended('owner:' || $1, 0))`, [ownerId]);
      expect(await eraseWithin(ownerId, 200)).toEqual({ done: false });
      await session.query(
        `insert into media (id, owner_id, content_type, byte_size) values ($1, $2, 'image/jpeg', 1)`,
        [newId(), ownerId],
      );
      await session.query('commit');
    } finally {
      session.release();
    }
    await untilErased(ownerId);
    expect(await tablesNaming(ownerId)).toEqual(['erased_owner']);
  });

  it('is seen by an upload that began before it and waited for it', async () => {
    const { ownerId, sent } = await scene();
    const session = await world.db.pool.connect();
    try {
      await session.query('begin');
      await session.query(`select pg_advisory_xact_lock(hashtextextended('owner:' || $1, 0))`, [ownerId]);
      await session.query('insert into erased_owner (owner_id) values ($1)', [ownerId]);
      const late = [
        world.call(mediaRpc.createUpload, { ownerId, contentType: 'image/jpeg', byteSize: photo.length }),
        world.call(mediaRpc.completeUpload, { ownerId, mediaId: sent.media.id }),
      ].map((call) => expect(call).rejects.toMatchObject(refused));
      await eventually(async () => (await world.db.query(WAITING_FOR_LOCKS)).length === late.length);
      await session.query('commit');
      await Promise.all(late);
    } finally {
      session.release();
    }
    await untilErased(ownerId);
    expect(await tablesNaming(ownerId)).toEqual(['erased_owner']);
  });

  it('does a part within each call where it is too much for one', async () => {
    const ownerId = newId();
    const ids = Array.from({ length: 60 }, newId);
    await world.db.query(
      `insert into media (id, owner_id, content_type, byte_size) select id, $2, 'image/jpeg', 1 from unnest($1::uuid[]) id`,
      [ids, ownerId],
    );
    for (const id of ids) await world.putObject(`uploads/${ownerId}/${id}`, photo);
    const left: number[] = [60];
    for (let done = false; !done;) {
      const startedAt = Date.now();
      ({ done } = await eraseWithin(ownerId, 1));
      expect(Date.now() - startedAt).toBeLessThan(1_500);
      left.push((await rowsOf(ownerId)).length);
    }
    expect(left.length).toBeGreaterThan(6);
    expect(left).toEqual([...left].sort((a, b) => b - a));
    expect([await world.objectsOf(ownerId), await tablesNaming(ownerId)]).toEqual([[], ['erased_owner']]);
  });

  it('goes on through long tables where the last call had to stop', async () => {
    const ownerId = newId();
    await world.db.query(
      `insert into idempotency_key (key, request_hash, answer) select gen_random_uuid(), '', '{}' from generate_series(1, 12000)`,
    );
    await world.db.query(
      `insert into idempotency_key (key, request_hash, answer) select gen_random_uuid(), '', jsonb_build_object('media', jsonb_build_object('ownerId', $1::text)) from generate_series(1, 50)`,
      [ownerId],
    );
    await world.db.query(
      `insert into outbox (id, subject, payload, published_at) select gen_random_uuid(), 'x', '{}', now() from generate_series(1, 12000)`,
    );
    await world.db.query(
      `insert into outbox (id, subject, payload, published_at) select gen_random_uuid(), 'realtime.' || $1, '{}', now() from generate_series(1, 50)`,
      [ownerId],
    );
    let calls = 0;
    for (let done = false; !done; calls++) ({ done } = await eraseWithin(ownerId, 1));
    expect(calls).toBeGreaterThan(4);
    expect(await tablesNaming(ownerId)).toEqual(['erased_owner']);
  });

  it.each([
    ['remove', ErasedMediaRepository],
    ['removeFolder', MediaStorage],
    ['purgeResponses', ErasedOwnersRepository],
    ['purgeMessages', ErasedOwnersRepository],
    ['setErased', ErasedOwnersRepository],
  ] as const)('ends well though the process was ended in the middle, behind %s', async (method, token) => {
    const { ownerId, ids } = await scene();
    const hand = world.app.get<Record<string, (...args: unknown[]) => Promise<unknown>>>(token as never);
    const original = hand[method]!.bind(hand);
    hand[method] = async (...args) => {
      await original(...args);
      throw new Error('killed here');
    };
    await expect(erase(ownerId)).rejects.toMatchObject({ code: 'INTERNAL' });
    await world.restart();
    await untilErased(ownerId);
    expect([await tablesNaming(ownerId), await objects(ids), await world.objectsOf(ownerId)]).toEqual([
      ['erased_owner'],
      [],
      [],
    ]);
  });

  it('leaves nothing of an owner who goes on uploading in the meantime, and is asked for many times at once', async () => {
    const { ownerId, sent } = await scene();
    let uploading = true;
    const unexpected: unknown[] = [];
    const uploaders = Array.from({ length: 4 }, async () => {
      while (uploading) {
        const options = () => (Math.random() < 0.5 ? { idempotencyKey: newId() } : {});
        try {
          const upload = await world.call(
            mediaRpc.createUpload,
            { ownerId, contentType: 'image/jpeg', byteSize: photo.length },
            options(),
          );
          await sendFile(upload, photo, 'image/jpeg');
          await world.call(mediaRpc.completeUpload, { ownerId, mediaId: upload.media.id }, options());
          await world.call(mediaRpc.completeUpload, { ownerId, mediaId: sent.media.id }, options());
        } catch (error) {
          const { code, details } = error as { code: string; details?: { reason?: string } };
          if (!['NOT_FOUND', 'FORBIDDEN'].includes(code) && details?.reason !== 'UPLOAD_MISSING')
            unexpected.push(error);
        }
      }
    });
    await eventually(async () => (await rowsOf(ownerId)).length > 12);
    await Promise.all(Array.from({ length: 3 }, () => untilErased(ownerId)));
    const naming = await tablesNaming(ownerId);
    uploading = false;
    await Promise.all(uploaders);
    expect([naming, await tablesNaming(ownerId)]).toEqual([['erased_owner'], ['erased_owner']]);
    expect(unexpected).toEqual([]);
    await world.app.get(OrphansService).sweep(Date.now() + 2 * HOUR_MS);
    expect(await world.objectsOf(ownerId)).toEqual([]);
    for (const key of await world.objectsOf('variants/')) {
      const known = await world.db.query('select from media where id = $1', [key.split('/')[1]]);
      expect([key, known.length]).toEqual([key, 1]);
    }
  });
});
