import { mediaEvent, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { uploadKey } from '../src/storage/object-keys.rules.js';
import { MediaStorage } from '../src/storage/media.storage.js';
import { plainJpeg } from './pictures.js';
import { openWorld, sendFile, getProcessed, type World } from './world.js';

describe('An upload', () => {
  let world: World;
  let photo: Buffer;

  beforeAll(async () => {
    [world, photo] = await Promise.all([openWorld(), plainJpeg()]);
  });

  afterAll(() => world?.close());

  it('gets a signed form for five minutes, and a media that waits for it', async () => {
    const ownerId = newId();
    const upload = await world.call(mediaRpc.createUpload, {
      ownerId,
      contentType: 'image/jpeg',
      byteSize: photo.length,
      altText: '  A drawing ',
    });
    expect(upload.media).toMatchObject({
      ownerId,
      status: 'AWAITING_UPLOAD',
      kind: 'IMAGE',
      altText: 'A drawing',
      variants: [],
      rejectionReason: null,
      width: null,
    });
    expect(new URL(upload.url).origin).toBe(world.storeUrl);
    expect(upload.fields).toContainEqual({ name: 'key', value: `uploads/${ownerId}/${upload.media.id}` });
    expect(Date.parse(upload.expiresAt) - Date.now()).toBeLessThanOrEqual(5 * 60_000);
    expect(await world.find(upload.media.id)).toEqual(upload.media);
  });

  it.each(['image/jpg', 'image/pjpeg', ' Image/JPEG'])(
    'is one of a JPEG when it is announced as "%s"',
    async (contentType) => {
      const upload = await world.call(mediaRpc.createUpload, { ownerId: newId(), contentType, byteSize: 10 });
      const rows = await world.db.query('select content_type from media where id = $1', [upload.media.id]);
      expect(rows).toEqual([{ content_type: 'image/jpeg' }]);
    },
  );

  it('repeats the first answer for a repeated key, with one media', async () => {
    const ownerId = newId();
    const options = { idempotencyKey: newId() };
    const input = { ownerId, contentType: 'image/jpeg' as const, byteSize: photo.length };
    const first = await world.call(mediaRpc.createUpload, input, options);
    expect(await world.call(mediaRpc.createUpload, input, options)).toEqual(first);
    expect(await world.db.query('select 1 from media where owner_id = $1', [ownerId])).toHaveLength(1);
    await expect(world.call(mediaRpc.createUpload, { ...input, byteSize: 1 }, options)).rejects.toMatchObject({
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it.each([
    ['no bytes', { byteSize: 0 }, 'byteSize'],
    ['more than 30 MiB', { byteSize: 30 * 1024 * 1024 + 1 }, 'byteSize'],
    ['a kind that is not accepted', { contentType: 'image/svg+xml' }, 'contentType'],
    ['an endless description', { altText: 'x'.repeat(1_001) }, 'altText'],
    ['a description that cannot be stored', { altText: 'a\u0000b' }, 'altText'],
  ])('is refused for %s, and says which field it is', async (_what, change, field) => {
    const input = { ownerId: newId(), contentType: 'image/jpeg', byteSize: 10, ...change } as Parameters<
      typeof world.call<typeof mediaRpc.createUpload>
    >[1];
    await expect(world.call(mediaRpc.createUpload, input)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: [field] },
    });
  });

  it('is shown by no browser that gets hold of it, and taken for nothing else', async () => {
    const ownerId = newId();
    const upload = await world.createUpload(ownerId, photo);
    expect((await sendFile(upload, photo, 'image/jpeg')).ok).toBe(true);
    const { headers } = await fetch(world.app.get(MediaStorage).urlOf(uploadKey({ id: upload.media.id, ownerId })));
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-disposition': 'attachment',
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is refused by the store when the file is longer, shorter, empty, of another type or for another place', async () => {
    const upload = await world.createUpload(newId(), photo);
    const longer = Buffer.concat([photo, Buffer.alloc(1)]);
    const answers = [
      await sendFile(upload, longer, 'image/jpeg'),
      await sendFile(upload, photo.subarray(1), 'image/jpeg'),
      await sendFile(upload, Buffer.alloc(0), 'image/jpeg'),
      await sendFile(upload, photo, 'image/jpeg', { 'Content-Type': 'text/html' }),
      await sendFile(upload, photo, 'image/jpeg', { key: `uploads/${newId()}/${upload.media.id}` }),
      await sendFile(upload, photo, 'image/jpeg', { 'Content-Disposition': 'inline' }),
    ];
    expect(answers.map((answer) => answer.ok)).toEqual([false, false, false, false, false, false]);
    expect(await world.objectsOf(upload.media.id)).toEqual([]);
  });

  it('is not complete before anything was uploaded', async () => {
    const { media } = await world.createUpload(newId(), photo);
    await expect(world.complete(media)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'UPLOAD_MISSING', path: ['mediaId'] },
    });
    expect((await world.find(media.id))?.status).toBe('AWAITING_UPLOAD');
  });

  it('cannot be completed by anybody else, who does not even learn that it exists', async () => {
    const upload = await world.createUpload(newId(), photo);
    await sendFile(upload, photo, 'image/jpeg');
    const theft = await world.complete({ id: upload.media.id, ownerId: newId() }).catch((error: unknown) => error);
    const nothing = await world.complete({ id: newId(), ownerId: newId() }).catch((error: unknown) => error);
    expect(theft).toMatchObject({ code: 'NOT_FOUND', details: { path: ['mediaId'] } });
    expect(JSON.stringify(theft)).toBe(JSON.stringify(nothing));
    expect((await world.find(upload.media.id))?.status).toBe('AWAITING_UPLOAD');
  });

  it('is worked on once however often it is completed', async () => {
    const upload = await world.createUpload(newId(), photo);
    await sendFile(upload, photo, 'image/jpeg');
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.complete(upload.media)));
    expect(answers.every(({ status }) => status === 'PROCESSING' || status === 'READY')).toBe(true);
    expect(await eventually(() => getProcessed(world, upload.media.id))).toMatchObject({ status: 'READY' });
    expect(await world.complete(upload.media)).toMatchObject({ status: 'READY' });
    const published = (await world.published(mediaEvent.ready)).filter((event) => event.mediaId === upload.media.id);
    expect(published).toEqual([{ mediaId: upload.media.id, ownerId: upload.media.ownerId }]);
  });

  it('answers a repeated completion with the first answer when it carries the same key', async () => {
    const upload = await world.createUpload(newId(), photo);
    await sendFile(upload, photo, 'image/jpeg');
    const input = { mediaId: upload.media.id, ownerId: upload.media.ownerId };
    const options = { idempotencyKey: newId() };
    const first = await world.call(mediaRpc.completeUpload, input, options);
    await eventually(() => getProcessed(world, upload.media.id));
    expect(await world.call(mediaRpc.completeUpload, input, options)).toEqual(first);
    await expect(world.call(mediaRpc.completeUpload, { ...input, ownerId: newId() }, options)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it.each([
    ['0 bytes', Buffer.alloc(0)],
    ['another size', Buffer.alloc(100)],
  ])('is rejected when the store holds %s after all, and nothing stays there', async (_what, bytes) => {
    const { media } = await world.createUpload(newId(), photo);
    await world.putObject(`uploads/${media.ownerId}/${media.id}`, bytes);
    expect(await world.complete(media)).toMatchObject({
      status: 'REJECTED',
      rejectionReason: expect.stringContaining(`${bytes.length} bytes`),
    });
    expect(await world.objectsOf(media.id)).toEqual([]);
    expect((await world.published(mediaEvent.rejected)).map((event) => event.mediaId)).toContain(media.id);
  });
});
