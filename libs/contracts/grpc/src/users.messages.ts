import type { TimestampMessage } from './timestamp.js';

export interface UsersBatchGetRequest {
  ids: string[];
  viewerId: string;
}

export interface UsersBatchGetResponse {
  users: UserMessage[];
}

export interface UserMessage {
  id: string;
  username: string;
  displayName: string;
  bio: string;
  links: string[];
  avatarMediaId: string;
  isVerified: boolean;
  isPrivate: boolean;
  createTime: TimestampMessage;
}
