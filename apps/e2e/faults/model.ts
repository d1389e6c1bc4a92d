/** What was acknowledged to the clients: the state that every acknowledged request, and nothing else, has made. */
export interface Model {
  posts: Map<string, { authorId: string; caption: string; deleted: boolean }>;
  /** Whether `liker post` is liked now. */
  likes: Map<string, boolean>;
  /** Whether `saver post` is saved now. */
  saves: Map<string, boolean>;
  /** Whether `reposter post` is passed on now. */
  reposts: Map<string, boolean>;
  /** Whether `liker comment` is liked now. */
  commentLikes: Map<string, boolean>;
  comments: Map<string, { postId: string; authorId: string; text: string }>;
  /** Whether `follower followee` follows now. */
  follows: Map<string, boolean>;
  /** Whether `follower followee` waits to be accepted. */
  requests: Map<string, boolean>;
  /** Whether `follower followee` follows because a request was accepted. */
  accepted: Map<string, boolean>;
  /** Whether `blocker blocked` blocks now. */
  blocks: Map<string, boolean>;
  /** Who has a private account now. */
  privates: Set<string>;
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
  saves: new Map(),
  reposts: new Map(),
  commentLikes: new Map(),
  comments: new Map(),
  follows: new Map(),
  requests: new Map(),
  accepted: new Map(),
  blocks: new Map(),
  privates: new Set(),
  missed: new Set(),
  defects: [],
  acknowledged: 0,
  retried: 0,
});

export const edge = (from: string, to: string): string => `${from} ${to}`;

export const isOn = (edges: Map<string, boolean>, from: string, to: string): boolean =>
  edges.get(edge(from, to)) ?? false;

/** One of the two blocks the other. */
export const isBlocked = ({ blocks }: Model, one: string, other: string): boolean =>
  isOn(blocks, one, other) || isOn(blocks, other, one);

/** Whether the viewer sees the posts of the author. */
export const seesPostsOf = (model: Model, viewer: string, author: string): boolean =>
  viewer === author ||
  (!isBlocked(model, viewer, author) && (!model.privates.has(author) || isOn(model.follows, viewer, author)));

/** Follows, or asks where the account is private. */
export function addFollow(model: Model, follower: string, followee: string): void {
  const edges = model.privates.has(followee) ? model.requests : model.follows;
  if (!isOn(model.follows, follower, followee)) edges.set(edge(follower, followee), true);
}

export function endFollow(model: Model, follower: string, followee: string): void {
  for (const edges of [model.follows, model.requests, model.accepted]) edges.delete(edge(follower, followee));
}

/** Going public accepts everybody who waits. */
export function becomePublic(model: Model, userId: string): void {
  model.privates.delete(userId);
  for (const key of [...model.requests.keys()].filter((each) => each.endsWith(` ${userId}`))) {
    model.requests.delete(key);
    model.follows.set(key, true);
    model.accepted.set(key, true);
  }
}

/** Ids of posts that were acknowledged and not deleted since. */
export const livePosts = (model: Model): string[] =>
  [...model.posts].filter(([, post]) => !post.deleted).map(([id]) => id);

/** Edges that are there now. */
export const on = (edges: Map<string, boolean>): [from: string, to: string][] =>
  [...edges].filter(([, value]) => value).map(([key]) => key.split(' ') as [string, string]);

export const sameSet = (a: string[], b: string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === a.length;
