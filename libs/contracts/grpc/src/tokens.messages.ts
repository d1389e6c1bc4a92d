import type { TimestampMessage } from './timestamp.js';

export interface ValidateRequest {
  accessToken: string;
}

export interface SessionMessage {
  userId: string;
  role: 'ROLE_USER' | 'ROLE_MODERATOR' | 'ROLE_ADMIN';
  secondFactor: 'SECOND_FACTOR_OFF' | 'SECOND_FACTOR_GIVEN';
  issueTime: TimestampMessage;
  expireTime: TimestampMessage;
}

export type InvalidTokenReason =
  | 'INVALID_TOKEN_REASON_NOT_OURS'
  | 'INVALID_TOKEN_REASON_EXPIRED'
  | 'INVALID_TOKEN_REASON_ENDED'
  | 'INVALID_TOKEN_REASON_RESTRICTED'
  | 'INVALID_TOKEN_REASON_SECOND_FACTOR';

export type ValidateResponse = { session: SessionMessage } | { invalidToken: { reason: InvalidTokenReason } };
