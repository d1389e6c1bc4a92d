import { z } from 'zod';
import type { Page, Rpc } from '@fowergram/contracts-core';
import * as contracts from '@fowergram/contracts-post';
import {
  coAuthorRpc,
  collectionRpc,
  type Comment,
  hashtagRpc,
  Post,
  postDiscoveryRpc,
  postEvent,
  postLifeRpc,
  postRpc,
  repostRpc,
  saveRpc,
  tagRpc,
} from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newUserIds, openWorld, type World } from './world.js';

interface Question {
  viewerId: string;
  authorId: string;
  /** Who has passed on all of the posts, and is tagged in them. */
  friendId: string;
  word: string;
  collectionId: string;
}

interface ListOfPosts {
  ask: (world: World, question: Question) => Promise<Page<Post>>;
  /** Why posts with muted words are among them. */
  showsMuted?: string;
}

/** Every list of posts, by the subject of its request. */
const lists: Record<string, ListOfPosts> = {
  [postRpc.homeFeed.subject]: { ask: (world, { viewerId }) => world.call(postRpc.homeFeed, { viewerId }) },
  [postDiscoveryRpc.explore.subject]: {
    ask: (world, { viewerId }) => world.call(postDiscoveryRpc.explore, { viewerId, first: 100 }),
  },
  [postDiscoveryRpc.search.subject]: {
    ask: (world, { viewerId, word }) => world.call(postDiscoveryRpc.search, { viewerId, query: word }),
  },
  [hashtagRpc.posts.subject]: {
    ask: (world, { viewerId, word }) => world.call(hashtagRpc.posts, { viewerId, name: word }),
  },
  [postRpc.byAuthor.subject]: {
    ask: (world, { viewerId, authorId }) => world.call(postRpc.byAuthor, { viewerId, authorId }),
    showsMuted: 'Whoever opens a profile has chosen to see it.',
  },
  [repostRpc.byAuthor.subject]: {
    ask: (world, { viewerId, friendId }) => world.call(repostRpc.byAuthor, { viewerId, authorId: friendId }),
    showsMuted: 'Whoever opens a profile has chosen to see it.',
  },
  [tagRpc.taggedPosts.subject]: {
    ask: (world, { viewerId, friendId }) => world.call(tagRpc.taggedPosts, { viewerId, userId: friendId }),
    showsMuted: 'Whoever opens a profile has chosen to see it.',
  },
  [coAuthorRpc.invitations.subject]: {
    ask: (world, { viewerId }) => world.call(coAuthorRpc.invitations, { userId: viewerId }),
    showsMuted: 'The viewer is asked whether it be theirs.',
  },
  [saveRpc.savedPosts.subject]: {
    ask: (world, { viewerId }) => world.call(saveRpc.savedPosts, { userId: viewerId }),
    showsMuted: 'The viewer has put it there.',
  },
  [collectionRpc.posts.subject]: {
    ask: (world, { viewerId, collectionId }) => world.call(collectionRpc.posts, { userId: viewerId, collectionId }),
    showsMuted: 'The viewer has put it there.',
  },
};

/** Lists of what is the viewer's own, which no muted word hides. */
const ownLists = [postLifeRpc.own.subject];

const isPageOfPosts = (output: unknown): boolean =>
  output instanceof z.ZodObject &&
  output.shape.edges instanceof z.ZodArray &&
  (output.shape.edges.element as z.ZodObject).shape.node === Post;

describe('A word that a viewer has muted', () => {
  let world: World;
  let version = 0;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const listOf = (userId: string, words: string[], expiresAt: string | null = null, at = ++version) => ({
    userId,
    version: at,
    words: words.map((text) => ({ text, expiresAt })),
  });
  const mute = (...given: Parameters<typeof listOf>) =>
    world.call(postRpc.applyVisibility, { relations: [], accounts: [], mutedWords: listOf(...given) });
  const commentsOf = async (postId: string, viewerId: string | null): Promise<Comment[]> =>
    (await world.call(postRpc.comments, { postId, viewerId })).edges.map(({ node }) => node);

  /** A viewer who follows an author. */
  function follower(): [viewer: string, author: string] {
    const [viewer, author] = newUserIds(2) as [string, string];
    world.users.follow(viewer, author);
    return [viewer, author];
  }

  it('keeps the posts with it out of the feed, whose pages stay full, until the mute ends', async () => {
    const [viewer, author] = follower();
    const ids: string[] = [];
    for (const caption of ['a cat', 'dog 1', 'CAT!', 'dog 2', '#cat', 'concatenate', 'dog 3'])
      ids.unshift((await world.post(author, { caption })).id);
    const dogs = ids.filter((_, index) => ![2, 4, 6].includes(index));
    await mute(viewer, ['cat']);
    expect(await world.feed(viewer, 2)).toEqual(dogs);
    expect(await world.feed(viewer, 50)).toEqual(dogs);
    const { edges, hasNextPage } = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 3 });
    expect([edges.length, hasNextPage]).toEqual([3, true]);
    await mute(viewer, ['cat'], '2026-01-01T00:00:00.000Z');
    expect(await world.feed(viewer, 2)).toEqual(ids);
    await mute(viewer, []);
    expect(await world.feed(viewer, 2)).toEqual(ids);
  });

  it('is in so many posts one after another that a page of the feed ends, and the next one goes on there', async () => {
    const [viewer, author] = follower();
    const { id } = await world.post(author, { caption: 'dog' });
    await world.db.query(
      `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
       select gen_random_uuid(), $1, 'cat', '{}', '{}', false, gen_random_uuid(), now() + n * interval '1 second'
       from generate_series(1, 700) n`,
      [author],
    );
    await mute(viewer, ['cat']);
    const page = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 5 });
    expect(page).toEqual({ edges: [], hasNextPage: true, next: expect.any(String) as string });
    expect(await world.feed(viewer, 5)).toEqual([id]);
  });

  it('is none for the posts of their own, for the page of a profile, and for others', async () => {
    const [viewer, author] = follower();
    const [other] = newUserIds(1) as [string];
    world.users.follow(other, author);
    const [theirs, own] = [await world.post(author, { caption: 'cat' }), await world.post(viewer, { caption: 'cat' })];
    await mute(viewer, ['cat']);
    expect(await world.feed(viewer)).toEqual([own.id]);
    expect(await world.feed(other)).toEqual([theirs.id]);
    const { edges } = await world.call(postRpc.byAuthor, { authorId: author, viewerId: viewer });
    expect(edges).toHaveLength(1);
  });

  it.each(Object.entries(lists))('is asked of every list of posts: %s', async (subject, list) => {
    const [viewer, author] = follower();
    const [other, friendId] = newUserIds(2) as [string, string];
    world.users.follow(viewer, other);
    const word = `found${viewer.replaceAll('-', '')}`;
    const dog = await world.post(other, { caption: `#${word} dog` });
    const zebra = await world.post(author, { caption: `#${word} zebra` });
    const { id: collectionId } = await world.call(collectionRpc.create, { userId: viewer, name: 'Animals' });
    for (const { id: postId, authorId, mediaIds } of [dog, zebra]) {
      await world.call(saveRpc.save, { userId: viewer, postId, collectionId });
      await world.call(repostRpc.repost, { userId: friendId, postId });
      const tags = [{ mediaId: mediaIds[0]!, userId: friendId, x: 0, y: 0 }];
      await world.call(tagRpc.set, { postId, authorId, tags });
      await world.call(coAuthorRpc.invite, { postId, authorId, userId: viewer });
    }
    const shows = async ({ id }: Post) => {
      const page = await list!.ask(world, { viewerId: viewer, authorId: author, friendId, word, collectionId });
      return page.edges.some(({ node }) => node.id === id || node.repostOf === id);
    };
    const ofAuthor = subject === postRpc.byAuthor.subject;
    expect([await shows(dog), await shows(zebra)]).toEqual([!ofAuthor, true]);
    await mute(viewer, ['zebra']);
    expect([await shows(dog), await shows(zebra)]).toEqual([!ofAuthor, list!.showsMuted !== undefined]);
  });

  it('is asked of all lists of posts that there are', () => {
    const subjects = Object.values(contracts)
      .flatMap((group) => Object.values(group as Record<string, Partial<Rpc>>))
      .flatMap(({ subject, output }) => (subject && isPageOfPosts(output) ? [subject] : []));
    expect([...Object.keys(lists), ...ownLists].sort()).toEqual(subjects.sort());
  });

  it('is left out where the feed comes from Postgres, too', async () => {
    const [viewer, author] = follower();
    const ids: string[] = [];
    for (let index = 0; index < 12; index++)
      ids.unshift((await world.post(author, { caption: index % 3 === 0 ? `dog ${index}` : 'cat' })).id);
    await mute(viewer, ['cat']);
    await world.redis.kill();
    try {
      expect(await world.feed(viewer, 2)).toEqual(ids.filter((_, index) => (11 - index) % 3 === 0));
    } finally {
      await world.redis.revive();
    }
  });

  it('marks the comments of others that have it, and leaves them in their place', async () => {
    const [viewer, author] = follower();
    const post = await world.post(author);
    const say = (authorId: string, text: string) =>
      world.call(postRpc.createComment, { postId: post.id, authorId, text });
    const [one, , own] = [await say(author, 'My cat'), await say(author, 'A dog'), await say(viewer, 'cat?')];
    await mute(viewer, ['cat']);
    expect((await commentsOf(post.id, viewer)).map(({ isMuted }) => isMuted)).toEqual([false, false, true]);
    expect((await commentsOf(post.id, author)).some(({ isMuted }) => isMuted)).toBe(false);
    expect((await commentsOf(post.id, null)).some(({ isMuted }) => isMuted)).toBe(false);
    const byId = await world.call(postRpc.commentsByIds, { ids: [one.id, own.id], viewerId: viewer });
    expect(Object.fromEntries(byId.map(({ id, isMuted }) => [id, isMuted]))).toEqual({
      [one.id]: true,
      [own.id]: false,
    });
  });

  it('is said of a comment to whoever notifies the author of the post', async () => {
    const [commenter, author] = follower();
    const post = await world.post(author);
    await mute(author, ['cat']);
    for (const text of ['A cat', 'A dog'])
      await world.call(postRpc.createComment, { postId: post.id, authorId: commenter, text });
    const said = (await world.published(postEvent.commented)).filter(({ postId }) => postId === post.id);
    expect(said.map(({ isMuted }) => isMuted)).toEqual([true, false]);
  });

  it('is known from the event as well as from the command, of which the newest counts', async () => {
    const [viewer, author] = follower();
    const { id } = await world.post(author, { caption: 'cat' });
    const older = ++version;
    await world.deliver(userEvent.mutedWordsChanged, listOf(viewer, ['cat']));
    expect(await world.feed(viewer)).toEqual([]);
    await mute(viewer, []);
    expect(await world.feed(viewer)).toEqual([id]);
    await world.deliver(userEvent.mutedWordsChanged, listOf(viewer, ['cat'], null, older));
    expect(await world.feed(viewer)).toEqual([id]);
  });
});
