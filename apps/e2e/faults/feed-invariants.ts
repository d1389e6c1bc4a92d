import type { AppClient } from '../src/app-client.js';
import type { TestUser } from '../src/test-users.js';
import { isBlocked, isOn, livePosts, type Model, on, sameSet, seesPostsOf } from './model.js';

interface FeedPost {
  id: string;
  author: { id: string };
  repostOf: { id: string } | null;
}
interface FeedPage {
  homeFeed: { edges: { node: FeedPost }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}
type Published = Map<string, { createdAt: string }>;

/** Each has the posts of those whom they follow, newest first, and what those pass on, all of it once. */
export async function checkFeed(user: TestUser, model: Model, posts: Published): Promise<string[]> {
  const all = await wholeFeed(user.client);
  const originals = all.filter(({ repostOf }) => !repostOf).map(({ id }) => id);
  const passedOn = all.flatMap(({ author, repostOf }) => (repostOf ? [`${author.id} ${repostOf.id}`] : []));
  return [...differences(user, originals, expectedPosts(user, model, posts)), ...checkReposts(user, passedOn, model)];
}

function expectedPosts(user: TestUser, model: Model, posts: Published): string[] {
  return livePosts(model)
    .filter(
      (id) => model.posts.get(id)!.authorId === user.id || isOn(model.follows, user.id, model.posts.get(id)!.authorId),
    )
    .map((id) => ({ id, at: posts.get(id)?.createdAt ?? '' }))
    .sort((a, b) => (a.at === b.at ? compare(b.id, a.id) : compare(b.at, a.at)))
    .map(({ id }) => id);
}

function differences(user: TestUser, feed: string[], expected: string[]): string[] {
  if (JSON.stringify(feed) === JSON.stringify(expected)) return [];
  const missing = expected.filter((id) => !feed.includes(id)).length;
  const extra = feed.filter((id) => !expected.includes(id)).length;
  return [
    `I4 the feed of ${user.username} lacks ${missing}, has ${extra} too many, ${feed.length - new Set(feed).size} twice${missing + extra === 0 ? ', order differs' : ''}`,
  ];
}

/** A repost is there for whoever sees both, while neither author blocks the other. */
function checkReposts(user: TestUser, passedOn: string[], model: Model): string[] {
  const expected = on(model.reposts)
    .filter(([reposter, postId]) => {
      const { authorId, deleted } = model.posts.get(postId)!;
      if (deleted || isBlocked(model, reposter, authorId) || !seesPostsOf(model, user.id, authorId)) return false;
      return reposter === user.id || isOn(model.follows, user.id, reposter);
    })
    .map((edge) => edge.join(' '));
  if (sameSet(passedOn, expected)) return [];
  const [missing] = expected.filter((each) => !passedOn.includes(each));
  const [extra] = passedOn.filter((each) => !expected.includes(each));
  return [
    `I4 the feed of ${user.username} has ${passedOn.length} reposts of ${expected.length}, without ${missing ?? ''}, with ${extra ?? ''}`,
  ];
}

async function wholeFeed(client: AppClient): Promise<FeedPost[]> {
  const all: FeedPost[] = [];
  let after: string | null = null;
  for (;;) {
    const { homeFeed }: FeedPage = await client.request(
      'query ($after: String) { homeFeed(first: 50, after: $after) { edges { node { id author { id } repostOf { id } } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    all.push(...homeFeed.edges.map(({ node }) => node));
    if (!homeFeed.pageInfo.hasNextPage) return all;
    after = homeFeed.pageInfo.endCursor;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
