import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { OrphansService } from '../src/orphans/orphans.service.js';
import { plainJpeg } from './pictures.js';
import { openWorld, sendFile, type World } from './world.js';

describe('A claim', () => {
  let world: World;
  const ann = newId();

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const claim = (
    mediaIds: string[],
    {
      claimId = newId(),
      ownerId = ann,
      purpose = 'post' as 'post' | 'avatar',
      key = undefined as string | undefined,
    } = {},
  ) => world.call(mediaRpc.claim, { ownerId, claimId, purpose, mediaIds }, key ? { idempotencyKey: key } : {});
  const pictures = (count: number): Promise<Media[]> =>
    Promise.all(Array.from({ length: count }, () => world.readyMedia(ann)));
  const unconfirmed = (olderThanSeconds = 0, purpose: 'post' | 'avatar' = 'post', limit = 100) =>
    world.call(mediaRpc.unconfirmedClaims, { purpose, olderThanSeconds, limit });
  const reconcile = (confirmed: string[], released: string[]) =>
    world.call(mediaRpc.reconcileClaims, { confirmed, released });
  const age = (claimId: string, seconds: number) =>
    world.db.query('update media set claimed_at = now() - make_interval(secs => $2) where claim_id = $1', [
      claimId,
      seconds,
    ]);
  const freeSince = async (id: string) =>
    (await world.db.query<{ free: boolean }>('select free_since is not null as free from media where id = $1', [id]))[0]
      ?.free;

  it('answers its media in the order asked for, with addresses', async () => {
    const [one, two, three] = await pictures(3);
    const ids = [three!.id, one!.id, two!.id];
    const claimed = await claim(ids);
    expect(claimed.map((media) => media.id)).toEqual(ids);
    expect(claimed.every((media) => media.variants[0]?.url.includes(media.id))).toBe(true);
    expect(await Promise.all(ids.map(freeSince))).toEqual([false, false, false]);
  });

  it('may be repeated, and makes another claim on the same media fail', async () => {
    const [one, two] = await pictures(2);
    const claimId = newId();
    const first = await claim([one!.id], { claimId });
    expect(await claim([one!.id], { claimId })).toEqual(first);
    await expect(claim([two!.id, one!.id])).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'MEDIA_IN_USE', path: ['mediaIds', 1] },
    });
    expect(await freeSince(two!.id)).toBe(true);
  });

  it('repeats the first answer for the same key, and refuses the key for other media', async () => {
    const [one, two] = await pictures(2);
    const options = { claimId: newId(), key: newId() };
    const first = await claim([one!.id], options);
    expect(await claim([one!.id], options)).toEqual(first);
    await expect(claim([two!.id], options)).rejects.toMatchObject({ details: { reason: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('is refused for someone else’s media and for unknown ones in the same words, and claims nothing', async () => {
    const [mine] = await pictures(1);
    const theirs = await world.readyMedia(newId());
    const errors = await Promise.all(
      [theirs.id, newId()].map((id) => claim([mine!.id, id]).catch((error: unknown) => JSON.stringify(error))),
    );
    expect(errors[0]).toBe(errors[1]);
    expect(JSON.parse(errors[0] as string)).toMatchObject({ code: 'NOT_FOUND', details: { path: ['mediaIds', 1] } });
    expect(await freeSince(mine!.id)).toBe(true);
  });

  it('is refused for media that are not READY', async () => {
    const rejected = await world.process(Buffer.from('no picture at all'), 'image/jpeg', ann);
    const { media: waiting } = await world.createUpload(ann, await plainJpeg());
    for (const { id } of [rejected, waiting]) {
      await expect(claim([id])).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { reason: 'MEDIA_NOT_READY', path: ['mediaIds', 0] },
      });
    }
  });

  it('succeeds for exactly one of many who want the same pictures at once, in whatever order they name them', async () => {
    const ids = (await pictures(4)).map((media) => media.id);
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => claim(index % 2 ? ids : [...ids].reverse())),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as { details: { reason: string } }] : [],
    );
    expect(new Set(refused.map((error) => error.details.reason))).toEqual(new Set(['MEDIA_IN_USE']));
    expect(await world.db.query('select distinct claim_id from media where id = any($1)', [ids])).toHaveLength(1);
  });

  it('is listed as unconfirmed, oldest first, until it is reconciled', async () => {
    const [one, two, three] = await pictures(3);
    const [confirmed, released, young] = [newId(), newId(), newId()];
    await claim([one!.id], { claimId: confirmed });
    await claim([two!.id], { claimId: released });
    await claim([three!.id], { claimId: young });
    await age(confirmed, 100);
    await age(released, 200);
    expect(await unconfirmed(60)).toEqual([released, confirmed]);
    expect(await unconfirmed(60, 'post', 1)).toEqual([released]);
    expect(await unconfirmed()).toEqual(expect.arrayContaining([released, confirmed, young]));

    await reconcile([confirmed], [released]);
    expect(await unconfirmed(60)).toEqual([]);
    expect(await Promise.all([one!.id, two!.id].map(freeSince))).toEqual([false, true]);
    await claim([two!.id], { claimId: newId() });
  });

  it('stays when it was confirmed, whatever is released later', async () => {
    const [one] = await pictures(1);
    const claimId = newId();
    await claim([one!.id], { claimId });
    await reconcile([claimId], []);
    await age(claimId, 1_000);
    await reconcile([], [claimId]);
    await expect(claim([one!.id])).rejects.toMatchObject({ details: { reason: 'MEDIA_IN_USE' } });
  });

  it('is not released while somebody works with it', async () => {
    const [one] = await pictures(1);
    const claimId = newId();
    await claim([one!.id], { claimId });
    await age(claimId, 1_000);
    await claim([one!.id], { claimId });
    await reconcile([], [claimId]);
    expect(await freeSince(one!.id)).toBe(false);
  });

  it('holds an avatar until the user service says whether it is in use', async () => {
    const [one] = await pictures(1);
    await claim([one!.id], { claimId: one!.id, purpose: 'avatar' });
    await claim([one!.id], { claimId: one!.id, purpose: 'avatar' });
    expect(await unconfirmed(0, 'avatar')).toEqual([one!.id]);
    await reconcile([one!.id], []);
    expect(await unconfirmed(0, 'avatar')).toEqual([]);
    await reconcile([], [one!.id]);
    expect(await freeSince(one!.id)).toBe(false);
  });

  describe('of a post that waits for its pictures', () => {
    /** An upload that is PROCESSING for as long as the queue is out of reach. */
    async function processing(bytes: Buffer): Promise<Media> {
      const upload = await world.createUpload(ann, bytes);
      await sendFile(upload, bytes, 'image/jpeg');
      await world.proxies.redis.cut();
      return world.complete(upload.media);
    }
    const claimWaiting = (mediaIds: string[], claimId: string) =>
      world.call(mediaRpc.claim, { ownerId: ann, claimId, purpose: 'post', mediaIds, acceptsProcessing: true });
    const claimOf = async (id: string) =>
      (await world.db.query<{ claim: string | null }>('select claim_id as claim from media where id = $1', [id]))[0]!
        .claim;

    it('holds pictures that are still processed, and those that are READY then', async () => {
      const claimId = newId();
      const { id, status } = await processing(await plainJpeg());
      expect(status).toBe('PROCESSING');
      expect((await claimWaiting([id], claimId)).map((media) => media.status)).toEqual(['PROCESSING']);
      await expect(claim([id])).rejects.toMatchObject({ details: { reason: 'MEDIA_NOT_READY' } });
      await expect(claimWaiting([id], newId())).rejects.toMatchObject({ details: { reason: 'MEDIA_IN_USE' } });
      await world.proxies.redis.restore();
      await eventually(async () => expect((await world.find(id))?.status).toBe('READY'));
      expect([await claimOf(id), await freeSince(id)]).toEqual([claimId, false]);
      expect((await claimWaiting([id], claimId)).map((media) => media.status)).toEqual(['READY']);
    });

    it('ends with a rejection, which a repeat says', async () => {
      const claimId = newId();
      const { id } = await processing(Buffer.from('no picture at all'));
      await claimWaiting([id], claimId);
      await world.proxies.redis.restore();
      await eventually(async () => expect((await world.find(id))?.status).toBe('REJECTED'));
      expect(await claimOf(id)).toBeNull();
      await expect(claimWaiting([id], claimId)).rejects.toMatchObject({ details: { reason: 'MEDIA_NOT_READY' } });
    });

    it('frees what a draft does not show any more, and nothing of another one', async () => {
      const [kept, dropped, other] = await pictures(3);
      const [claimId, otherClaim] = [newId(), newId()];
      await claim([kept!.id, dropped!.id], { claimId });
      await claim([other!.id], { claimId: otherClaim });
      await world.call(mediaRpc.dropUnused, { claimId, mediaIds: [kept!.id] });
      expect(await Promise.all([kept, dropped, other].map((media) => claimOf(media!.id)))).toEqual([
        claimId,
        null,
        otherClaim,
      ]);
      await claim([dropped!.id]);
    });
  });

  it('of an erased post removes its pictures with their objects, hidden ones too', async () => {
    const [one, other] = await pictures(2);
    const claimId = newId();
    await claim([one!.id], { claimId });
    await world.call(mediaRpc.hideClaims, { claimIds: [claimId], version: 2 });
    await eventually(async () => (await world.objectsOf(one!.id)).every((key) => key.startsWith('hidden/')));
    await world.call(mediaRpc.eraseClaims, { claimIds: [claimId] });
    await world.app.get(OrphansService).sweep(Date.now());
    const rows = await world.db.query<{ id: string }>('select id from media where id = any($1)', [
      [one!.id, other!.id],
    ]);
    expect([rows.map(({ id }) => id), await world.objectsOf(one!.id)]).toEqual([[other!.id], []]);
  });

  it('lets the claimant say what its pictures show, and nobody else', async () => {
    const [one, other] = await pictures(2);
    const claimId = newId();
    await claim([one!.id], { claimId });
    await claim([other!.id]);
    const altTexts = [one, other].map((media) => ({ mediaId: media!.id, altText: 'A boat' }));
    await world.call(mediaRpc.setAltTexts, { claimId, altTexts });
    const shown = await Promise.all([one, other].map((media) => world.find(media!.id)));
    expect(shown.map((media) => media?.altText)).toEqual(['A boat', null]);
  });
});
