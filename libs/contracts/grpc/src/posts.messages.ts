import type { TimestampMessage } from './timestamp.js';

export interface PostsBatchGetRequest {
  ids: string[];
  viewerId: string;
}

export interface PostsBatchGetResponse {
  posts: PostMessage[];
}

export type PostStateName =
  'POST_STATE_DRAFT' | 'POST_STATE_SCHEDULED' | 'POST_STATE_PUBLISHED' | 'POST_STATE_ARCHIVED' | 'POST_STATE_DELETED';

export interface PostMessage {
  id: string;
  code: string;
  authorId: string;
  caption: string;
  mediaIds: string[];
  hashtags: string[];
  location: string;
  audience: 'AUDIENCE_PUBLIC' | 'AUDIENCE_FOLLOWERS' | 'AUDIENCE_CLOSE_FRIENDS';
  state: PostStateName;
  isSensitive: boolean;
  contentWarning: string;
  repostOfId: string;
  likeCount: number;
  commentCount: number;
  repostCount: number;
  viewerHasLiked: boolean;
  createTime: TimestampMessage;
  editTime: TimestampMessage | null;
}
