export type { EventContent, EventMessage, WatchRequest, WatchResponse } from './events.messages.js';
export type { PostMessage, PostsBatchGetRequest, PostsBatchGetResponse, PostStateName } from './posts.messages.js';
export { PROTO_FILES, PROTO_FOLDER, PROTO_LOADER } from './protos.js';
export { type TimestampMessage, timestampOf } from './timestamp.js';
export type { InvalidTokenReason, SessionMessage, ValidateRequest, ValidateResponse } from './tokens.messages.js';
export type { UserMessage, UsersBatchGetRequest, UsersBatchGetResponse } from './users.messages.js';
