import type { PostStateName } from './posts.messages.js';
import type { TimestampMessage } from './timestamp.js';

export interface WatchRequest {
  after: string;
  kinds: string[];
}

export interface WatchResponse {
  position: string;
  event?: EventMessage;
}

/** What happened: the one field that is set, by its name in camel case. */
export type EventContent =
  | { accountChanged: { userId: string; role: string; status: string; isPrivate: boolean; version: number } }
  | { accountDeleted: { userId: string } }
  | { profileUpdated: { userId: string } }
  | { followed: FollowEdge }
  | { unfollowed: FollowEdge }
  | { postPublished: { postId: string; authorId: string; createTime: TimestampMessage } }
  | { postStateChanged: { postId: string; authorId: string; state: PostStateName; version: number } }
  | { postDeleted: { postId: string; authorId: string } }
  | { liked: LikeEdge }
  | { unliked: LikeEdge }
  | { commented: CommentFact }
  | { commentDeleted: CommentFact };

export type EventMessage = EventContent & { id: string; kind: string; storeTime: TimestampMessage };

interface FollowEdge {
  followerId: string;
  followeeId: string;
  version: number;
}

interface LikeEdge {
  postId: string;
  authorId: string;
  likerId: string;
  version: number;
}

interface CommentFact {
  commentId: string;
  postId: string;
  authorId: string;
  commenterId: string;
}
