import { AppError } from '@fowergram/contracts-core';
import { contentMentionRpc, postEvent, postLifeRpc, postRpc, repostRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('Mentions', () => {
  let world: World;
  const [ann, bo, cy, di] = newUserIds(4) as [string, string, string, string];

  beforeAll(async () => {
    world = await openWorld();
    for (const [name, id] of Object.entries({ ann, bob: bo, cyd: cy, dia: di })) world.users.names.set(name, id);
  });
  afterAll(() => world?.close());

  const write = (postId: string, authorId: string, text: string) =>
    world.call(postRpc.createComment, { postId, authorId, text });
  const storedOf = (...ids: string[]) => world.call(contentMentionRpc.ofContents, { ids });
  const notified = async (contentId: string, event = postEvent.mentioned) =>
    (await world.published(event))
      .filter(({ postId, commentId }) => (commentId ?? postId) === contentId)
      .flatMap(({ mentionedIds }) => mentionedIds)
      .sort();

  it('of a post are stored by id and tell each user once, but not the author', async () => {
    const post = await world.post(ann, { caption: 'With @Bob, @bob, @CYD, @ann and @nobody at ann@bob.example' });
    const [stored] = await storedOf(post.id);
    expect(stored!.mentions.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'ann', userId: ann },
      { name: 'bob', userId: bo },
      { name: 'cyd', userId: cy },
    ]);
    expect(await notified(post.id)).toEqual([bo, cy].sort());
    expect((await world.published(postEvent.mentioned)).find(({ postId }) => postId === post.id)).toEqual({
      postId: post.id,
      authorId: ann,
      commentId: null,
      mentionerId: ann,
      mentionedIds: expect.any(Array),
      version: expect.any(Number),
      at: expect.any(String),
    });
  });

  it('tell only who may see the post', async () => {
    const [author, follower, stranger, blocked] = newUserIds(4) as [string, string, string, string];
    for (const [name, id] of Object.entries({ follower, stranger, blocked })) world.users.names.set(name, id);
    await relate(world, follower, author, { follows: true });
    await block(world, blocked, author);
    const caption = '@follower @stranger @blocked';
    expect(await notified((await world.post(author, { caption })).id)).toEqual([follower, stranger].sort());
    const narrow = await world.post(author, { caption, audience: 'FOLLOWERS' });
    expect(await notified(narrow.id)).toEqual([follower]);
    await setAccount(world, author, { isPrivate: true });
    expect(await notified((await world.post(author, { caption })).id)).toEqual([follower]);
  });

  it('of a comment tell whom it names, but neither the author of the post nor who has muted a word of it', async () => {
    const post = await world.post(ann);
    await world.deliver(userEvent.mutedWordsChanged, {
      userId: di,
      version: 1,
      words: [{ text: 'spoiler', expiresAt: null }],
    });
    const comment = await write(post.id, bo, '@ann @bob @cyd @dia, a spoiler');
    expect(await notified(comment.id)).toEqual([cy]);
    expect(await notified((await write(post.id, bo, '@dia, news')).id)).toEqual([di]);
  });

  it('of a repost tell each user once, who may see it and what it passes on, and not the author of that', async () => {
    const [author, reposter, reader, apart, other] = newUserIds(5) as [string, string, string, string, string];
    for (const [name, id] of Object.entries({ author, reposter, reader, apart, other }))
      world.users.names.set(name, id);
    await block(world, apart, author);
    await block(world, other, reposter);
    const original = await world.post(author);
    const text = 'See, @reader, @READER, @apart, @other, @author and @reposter';
    const repost = () => world.call(repostRpc.repost, { postId: original.id, userId: reposter, text });
    const { id } = await repost();
    expect((await repost()).id).toBe(id);
    expect(await notified(id)).toEqual([reader]);
    expect((await world.published(postEvent.mentioned)).filter(({ postId }) => postId === id)).toMatchObject([
      { authorId: reposter, mentionerId: reposter, commentId: null },
    ]);
    const [stored] = await storedOf(id);
    expect(stored!.mentions.map(({ name }) => name).sort()).toEqual(['apart', 'author', 'other', 'reader', 'reposter']);
  });

  it('of a comment that is deleted are taken back', async () => {
    const post = await world.post(ann);
    const comment = await write(post.id, bo, '@cyd @ann');
    await world.call(postRpc.deleteComment, { id: comment.id, userId: ann });
    expect(await notified(comment.id, postEvent.unmentioned)).toEqual([cy]);
    expect(await storedOf(comment.id)).toEqual([]);
  });

  it('that an edit adds notify once, and those that it takes out are taken back', async () => {
    const post = await world.post(ann, { caption: '@bob' });
    const other = await world.post(di);
    const comment = await write(other.id, ann, '@bob');
    const edits = [
      [post.id, (caption: string) => world.call(postRpc.update, { id: post.id, userId: ann, caption })],
      [comment.id, (text: string) => world.call(postRpc.updateComment, { id: comment.id, userId: ann, text })],
    ] as const;
    for (const [id, edit] of edits) {
      await edit('@bob @cyd');
      expect(await notified(id)).toEqual([bo, cy].sort());
      await edit('Only @cyd');
      expect(await notified(id, postEvent.unmentioned)).toEqual([bo]);
      expect(await storedOf(id)).toEqual([{ contentId: id, mentions: [{ name: 'cyd', userId: cy }] }]);
    }
  });

  it('by two names of one user are one, which is taken back with the last of them', async () => {
    const [dora] = newUserIds(1) as [string];
    for (const name of ['dora', 'dory']) world.users.names.set(name, dora);
    const post = await world.post(ann, { caption: '@dora @dory' });
    const edit = (caption: string) => world.call(postRpc.update, { id: post.id, userId: ann, caption });
    await edit('@dory');
    expect([await notified(post.id), await notified(post.id, postEvent.unmentioned)]).toEqual([[dora], []]);
    await edit('Nobody');
    expect(await notified(post.id, postEvent.unmentioned)).toEqual([dora]);
  });

  it('of a draft notify once it is published, by its author or when its time has come', async () => {
    const draft = await world.call(postLifeRpc.saveDraft, {
      userId: ann,
      caption: '@bob',
      mediaIds: [world.media.add(ann)],
    });
    expect(await notified(draft.id)).toEqual([]);
    await world.call(postLifeRpc.publish, { id: draft.id, userId: ann });
    const scheduled = await world.post(ann, { caption: '@cyd', mediaIds: [world.media.add(ann, 'PROCESSING')] });
    expect([await notified(draft.id), await notified(scheduled.id)]).toEqual([[bo], []]);
    for (const mediaId of scheduled.mediaIds) world.media.endProcessing(mediaId, 'READY');
    await eventually(async () => expect(await notified(scheduled.id)).toEqual([cy]));
  });

  it('tell those who see the post from its new audience on', async () => {
    const post = await world.post(ann, { caption: '@bob', audience: 'FOLLOWERS' });
    expect(await notified(post.id)).toEqual([]);
    await world.call(postRpc.update, { id: post.id, userId: ann, audience: 'PUBLIC' });
    expect(await notified(post.id)).toEqual([bo]);
  });

  it('of a comment tell neither whom it answers, who hears of the reply, nor who is in a block with its writer', async () => {
    const [eve, fay] = newUserIds(2) as [string, string];
    for (const [name, id] of Object.entries({ eve, fay })) world.users.names.set(name, id);
    await block(world, eve, bo);
    const post = await world.post(ann);
    const parent = await write(post.id, cy, 'first');
    const reply = { postId: post.id, authorId: bo, parentId: parent.id, text: '@cyd @eve @fay' };
    expect(await notified((await world.call(postRpc.createComment, reply)).id)).toEqual([fay]);
  });

  it('are not looked up for a text that has none, which is written while nobody can be looked up', async () => {
    const asked = world.users.namesAsked;
    world.users.failure = new AppError('UNAVAILABLE', 'away');
    try {
      const post = await world.post(ann, { caption: 'Mail me: ann@example.com' });
      await write(post.id, ann, 'no @ all');
      await expect(world.post(ann, { caption: '@bob' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      world.users.failure = undefined;
    }
    expect(world.users.namesAsked).toBe(asked);
  });

  it.each([
    ['mentions', '@'],
    ['hashtags', '#'],
  ])('and hashtags are thirty at most: 31 %s are BAD_USER_INPUT, and nothing is written', async (_, sign) => {
    const text = Array.from({ length: 31 }, (_value, index) => `${sign}name${index}`).join(' ');
    const post = await world.post(ann);
    const badInput = (field: string) => ({ code: 'BAD_USER_INPUT', details: { path: [field] } });
    await expect(world.post(ann, { caption: text })).rejects.toMatchObject(badInput('caption'));
    await expect(write(post.id, ann, text)).rejects.toMatchObject(badInput('text'));
    expect((await world.call(postRpc.comments, { postId: post.id })).edges).toEqual([]);
  });

  it('are erased with whoever mentions, with whoever is mentioned, and with the post', async () => {
    const [writer, named, other] = newUserIds(3) as [string, string, string];
    for (const [name, id] of Object.entries({ writer, named, other })) world.users.names.set(name, id);
    const [theirs, annsPost] = [await world.post(writer, { caption: '@other' }), await world.post(ann)];
    const comments = [
      await write(annsPost.id, writer, '@other'),
      await write(annsPost.id, ann, '@writer @other'),
      await write(theirs.id, ann, '@other'),
    ];
    await world.deliver(userEvent.accountDeleted, { userId: writer });
    await eventually(() => world.users.erased.includes(writer));
    const left = await storedOf(theirs.id, ...comments.map(({ id }) => id));
    expect(left).toEqual([{ contentId: comments[1]!.id, mentions: [{ name: 'other', userId: other }] }]);
  });
});
