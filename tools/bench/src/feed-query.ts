import { WrongAnswer } from './wrong-answer.js';

/** A screen of the home feed as an app draws it. */
export const FEED_QUERY = `query HomeFeed($first: Int) {
  homeFeed(first: $first) {
    edges {
      cursor
      node {
        id caption createdAt likeCount commentCount viewerHasLiked
        author { id username displayName }
        media { id blurhash width height variants { name url width height } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const FEED_SIZE = 20;

export interface FeedAnswer {
  data?: {
    homeFeed: {
      edges: {
        cursor: string;
        node: {
          id: string;
          caption: string;
          createdAt: string;
          likeCount: number;
          commentCount: number;
          viewerHasLiked: boolean;
          author: { id: string; username: string; displayName: string };
          media: {
            id: string;
            blurhash: string | null;
            variants: { name: string; url: string; width: number; height: number }[];
          }[];
        };
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
  errors?: unknown[];
}

/** The part of the public schema that the query touches, for the bare counterpart. */
export const FEED_SCHEMA = `
  scalar DateTime
  type Query { homeFeed(first: Int, after: String): PostConnection! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type PostConnection { edges: [PostEdge!]! pageInfo: PageInfo! }
  type PostEdge { cursor: String! node: Post! }
  type User { id: ID! username: String! displayName: String! }
  type MediaVariant { name: String! url: String! width: Int! height: Int! }
  type Media { id: ID! width: Int height: Int blurhash: String variants: [MediaVariant!]! }
  type Post {
    id: ID! author: User! caption: String! media: [Media!]! likeCount: Int! commentCount: Int!
    viewerHasLiked: Boolean! createdAt: DateTime!
  }
`;

export interface FeedExpectation {
  /** Newest first. */
  postIds: string[];
  /** Each liked once, by somebody. */
  likedPostIds: string[];
  /** The one that this viewer has liked. */
  ownLike: string;
}

/** Throws unless the answer is the page that this viewer must see. */
export function checkFeed({ data, errors }: FeedAnswer, { postIds, likedPostIds, ownLike }: FeedExpectation): void {
  if (errors || !data) throw new WrongAnswer(`homeFeed was answered with errors: ${JSON.stringify(errors)}`);
  const nodes = data.homeFeed.edges.map((edge) => edge.node);
  if (nodes.map(({ id }) => id).join() !== postIds.slice(0, FEED_SIZE).join()) {
    throw new WrongAnswer(
      `homeFeed has ${nodes.length} posts which are not the newest ${FEED_SIZE} of those followed, newest first.`,
    );
  }
  for (const { id, author, media, viewerHasLiked, likeCount, createdAt } of nodes) {
    if (viewerHasLiked !== (id === ownLike)) throw new WrongAnswer(`viewerHasLiked of post ${id} is another viewer's.`);
    if (likeCount !== Number(likedPostIds.includes(id))) throw new WrongAnswer(`Post ${id} has ${likeCount} likes.`);
    if (!author.username || !author.displayName || Number.isNaN(Date.parse(createdAt)))
      throw new WrongAnswer(`Post ${id} lacks parts: ${JSON.stringify(author)} ${createdAt}`);
    const [picture] = media;
    if (
      media.length !== 1 ||
      !picture?.blurhash ||
      picture.variants.length === 0 ||
      picture.variants.some(({ url }) => !url)
    ) {
      throw new WrongAnswer(`The media of post ${id} lack parts: ${JSON.stringify(media)}`);
    }
  }
}
