/** What was acknowledged to the clients: the state that every acknowledged request, and nothing else, has made. */
export interface Model {
  posts: Map<string, { authorId: string; caption: string; deleted: boolean }>;
  /** Whether `liker post` is liked now. */
  likes: Map<string, boolean>;
  comments: Map<string, { postId: string; authorId: string; text: string }>;
  /** Whether `follower followee` follows now. */
  follows: Map<string, boolean>;
  /** posts that were reported as missing; in the end these must be deleted ones. */
  missed: Set<string>;
  /** Failures that were not typed, or came too late. */
  defects: string[];
  acknowledged: number;
  retried: number;
}

export const emptyModel = (): Model => ({
  posts: new Map(),
  likes: new Map(),
  comments: new Map(),
  follows: new Map(),
  missed: new Set(),
  defects: [],
  acknowledged: 0,
  retried: 0,
});

export const edge = (from: string, to: string): string => `${from} ${to}`;

export const isOn = (edges: Map<string, boolean>, from: string, to: string): boolean =>
  edges.get(edge(from, to)) ?? false;

/** Ids of posts that were acknowledged and not deleted since. */
export const livePosts = (model: Model): string[] =>
  [...model.posts].filter(([, post]) => !post.deleted).map(([id]) => id);
