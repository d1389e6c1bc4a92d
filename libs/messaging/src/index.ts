export { Bus, type CallOptions, DEADLINE_MS } from './bus.js';
export { connectNats } from './connection.js';
export { type EventContext, Handle, handlersOf, listenersOf, On } from './decorators.js';
export { currentEnvelope, type Envelope, newCorrelationId, withEnvelope } from './envelope.js';
export { MessagingModule } from './messaging.module.js';
export { NATS, SERVICE_NAME } from './nats.token.js';
export { RpcServer } from './rpc.server.js';
export { ensureStreams } from './streams.js';
export { consumerName, DEAD_LETTER_STREAM, EVENT_STREAM, eventSubject, pushSubject } from './subjects.js';
