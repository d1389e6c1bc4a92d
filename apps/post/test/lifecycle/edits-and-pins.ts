import { type Post, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { CONFLICT, lifeIn } from './life-kit.js';
import { newUserIds, type World } from '../world.js';

export function editTests(world: () => World): void {
  const { seenBy } = lifeIn(world);

  describe('an edit', () => {
    it('changes what is given, keeps what was said for the author alone, and says when', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const post = await world().post(ann, { caption: 'One #a', location: 'Rimini' });
      const input = { id: post.id, userId: ann };
      const altTexts = [{ mediaId: post.mediaIds[0]!, altText: 'A boat' }];
      const edited = await world().call(postRpc.update, {
        ...input,
        caption: 'Two #b',
        commentsDisabled: true,
        altTexts,
      });
      expect(edited).toMatchObject({
        caption: 'Two #b',
        hashtags: ['b'],
        commentsDisabled: true,
        location: 'Rimini',
        version: 2,
      });
      expect(edited.editedAt! >= post.createdAt).toBe(true);
      expect(world().media.altTexts.get(post.mediaIds[0]!)).toBe('A boat');
      await world().call(postRpc.update, { ...input, caption: 'Three', location: null });
      const historyFor = async (userId: string) =>
        (await world().call(postLifeRpc.history, { userId, postIds: [post.id] }))[0]!.edits.map(
          ({ caption }) => caption,
        );
      expect([await historyFor(ann), await historyFor(bo)]).toEqual([['Two #b', 'One #a'], []]);
      expect(await seenBy(bo, post.id)).toMatchObject({ caption: 'Three', location: null, version: 3 });
      expect(await world().call(postRpc.update, { ...input, caption: 'Three' })).toMatchObject({ version: 3 });
    });

    it('of another version than the expected one is refused, and of many with the same one is kept', async () => {
      const ann = newId();
      const post = await world().post(ann);
      const answers = await Promise.allSettled(
        Array.from({ length: 6 }, (_, index) =>
          world().call(postRpc.update, { id: post.id, userId: ann, caption: `Take ${index}`, expectedVersion: 1 }),
        ),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject(CONFLICT('VERSION'));
      expect(await seenBy(null, post.id)).toMatchObject({ version: 2 });
    });

    it('of one of several expected versions is kept, and of none of them refused', async () => {
      const ann = newId();
      const post = await world().post(ann);
      const edit = (caption: string, expectedVersions: number[]) =>
        world().call(postRpc.update, {
          id: post.id,
          userId: ann,
          caption,
          expectedVersion: expectedVersions[0]!,
          expectedVersions,
        });
      expect(await edit('Two', [7, 1])).toMatchObject({ version: 2 });
      await expect(edit('Three', [7, 1])).rejects.toMatchObject(CONFLICT('VERSION'));
    });

    it('refuses alt texts of pictures that the post does not show', async () => {
      const ann = newId();
      const post = await world().post(ann);
      const altTexts = [{ mediaId: world().media.add(ann), altText: 'x' }];
      await expect(world().call(postRpc.update, { id: post.id, userId: ann, altTexts })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['altTexts', 0, 'mediaId'] },
      });
    });

    it('that is refused sets no alt text either', async () => {
      const ann = newId();
      const post = await world().post(ann);
      const input = { id: post.id, userId: ann };
      const altTexts = [{ mediaId: post.mediaIds[0]!, altText: 'A boat' }];
      await world().call(postRpc.update, { ...input, caption: 'Two' });
      const late = world().call(postRpc.update, { ...input, altTexts, expectedVersion: 1 });
      await expect(late).rejects.toMatchObject(CONFLICT('VERSION'));
      await world().call(postRpc.delete, input);
      await expect(world().call(postRpc.update, { ...input, altTexts })).rejects.toMatchObject(CONFLICT('POST_STATE'));
      expect(world().media.altTexts.has(post.mediaIds[0]!)).toBe(false);
    });

    it('keeps the last 50 captions', async () => {
      const ann = newId();
      const post = await world().post(ann);
      await world().db.query(
        `insert into post_edit (post_id, version, caption, edited_at) select $1, -n, 'old', now() from generate_series(1, 60) n`,
        [post.id],
      );
      await world().call(postRpc.update, { id: post.id, userId: ann, caption: 'New' });
      const rows = await world().db.query('select from post_edit where post_id = $1', [post.id]);
      expect(rows).toHaveLength(50);
    });
  });

  describe('a pin', () => {
    it('is for three posts, latest first, and ends with the archive', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const posts: Post[] = [];
      for (let i = 0; i < 4; i++) posts.push(await world().post(ann, i === 2 ? { audience: 'FOLLOWERS' } : {}));
      const pinnedFor = async (viewerId: string) =>
        (await world().call(postLifeRpc.pinned, { viewerId, authorIds: [ann] })).map(({ id }) => id);
      const ids = posts.map(({ id }) => id);
      for (const id of ids.slice(0, 3)) await world().call(postLifeRpc.pin, { id, userId: ann });
      await world().call(postLifeRpc.pin, { id: ids[0]!, userId: ann });
      await expect(world().call(postLifeRpc.pin, { id: ids[3]!, userId: ann })).rejects.toMatchObject(
        CONFLICT('PIN_LIMIT'),
      );
      expect(await pinnedFor(ann)).toEqual([ids[2], ids[1], ids[0]]);
      expect(await pinnedFor(bo)).toEqual([ids[1], ids[0]]);
      await world().call(postLifeRpc.archive, { id: ids[1]!, userId: ann });
      await world().call(postLifeRpc.unarchive, { id: ids[1]!, userId: ann });
      await world().call(postLifeRpc.unpin, { id: ids[2]!, userId: ann });
      expect(await pinnedFor(ann)).toEqual([ids[0]]);
    });

    it('is given to three of many posts that are pinned at once', async () => {
      const ann = newId();
      const posts = await Promise.all(Array.from({ length: 6 }, () => world().post(ann)));
      const answers = await Promise.allSettled(
        posts.map(({ id }) => world().call(postLifeRpc.pin, { id, userId: ann })),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    });
  });
}
