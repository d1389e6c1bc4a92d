import { setTimeout as pause } from 'node:timers/promises';
import { createPost, follow, like, uploadPhoto } from '../../../apps/e2e/src/actions.js';
import { type TestUser, signUpTestUser } from '../../../apps/e2e/src/test-users.js';
import { drawPhoto } from '../../../apps/e2e/src/photos.js';
import type { Network } from '../../../apps/e2e/src/network.js';
import { checkFeed, FEED_QUERY, FEED_SIZE, type FeedAnswer, type FeedExpectation } from './feed-query.js';
import { inParallel } from './in-parallel.js';

const AUTHORS = 40;
const VIEWERS = 8;
const POSTS = 48;
const BATCH_SIZE = 4;
const NAME_ME = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { displayName } }';

export interface Town {
  authors: TestUser[];
  /** Each follows every author and has liked one post of the first page, each another one. */
  viewers: { user: TestUser; expects: FeedExpectation }[];
}

/** Fills the network through its public API: users, follows, posts with pictures of their own, likes. */
export async function seedTown(network: Network): Promise<Town> {
  const signUp = (name: string) => () => signUpTestUser(network, name);
  const users = await inParallel(BATCH_SIZE, [
    ...Array.from({ length: AUTHORS }, () => signUp('author')),
    ...Array.from({ length: VIEWERS }, () => signUp('viewer')),
  ]);
  const [authors, viewers] = [users.slice(0, AUTHORS), users.slice(AUTHORS)];
  await inParallel(
    BATCH_SIZE,
    authors.map(
      (author, index) => () => author.client.request(NAME_ME, { input: { displayName: `Author Number ${index}` } }),
    ),
  );
  await inParallel(
    BATCH_SIZE,
    viewers.flatMap((viewer) => authors.map((author) => () => follow(viewer.client, author.id))),
  );
  const pictures = await inParallel(
    BATCH_SIZE,
    Array.from(
      { length: POSTS },
      (_, index) => async () =>
        uploadPhoto(authors[index % AUTHORS]!.client, await drawPhoto({ seed: index, width: 640, height: 480 })),
    ),
  );
  const postIds: string[] = [];
  for (const [index, mediaId] of pictures.entries()) {
    // One after the other: the order of the feed is then known from here.
    postIds.unshift(
      await createPost(
        authors[index % AUTHORS]!.client,
        [mediaId],
        `Photo ${index} of the bench, as long as captions usually are #bench`,
      ),
    );
  }
  const likedPostIds = postIds.slice(0, VIEWERS);
  await Promise.all(viewers.map((viewer, index) => like(viewer.client, likedPostIds[index]!)));
  return {
    authors,
    viewers: viewers.map((user, index) => ({
      user,
      expects: { postIds, likedPostIds, ownLike: likedPostIds[index]! },
    })),
  };
}

/** The viewer's first page once it shows everything that was seeded; throws when it does not within 20 seconds. */
export async function settledFeed({ user, expects }: Town['viewers'][number], withinMs = 20_000): Promise<FeedAnswer> {
  for (const giveUpAt = Date.now() + withinMs; ; await pause(100)) {
    const answer = (await user.client.answer(FEED_QUERY, { first: FEED_SIZE })) as FeedAnswer;
    try {
      checkFeed(answer, expects);
      return answer;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}
