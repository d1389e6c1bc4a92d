export { currentEnvelope, type Envelope, newCorrelationId, withEnvelope } from '@fowergram/service-kit';
export { consumersOf, type ServiceMap } from './administration.js';
export { AppErrorFilter } from './app-error.filter.js';
export { connectNats, natsUrl } from './connection.js';
export { Handle, handlersOf, listenersOf, On } from './decorators.js';
export { traceHeaders } from './envelope.js';
export { toAppError } from './errors.js';
export { EventLog, type LoggedEvent, logged, type LogRange } from './events/event-log.client.js';
export { type EventContext, JetStreamContext } from './events/jetstream.context.js';
export { type StoredMessage, StoredMessages } from './events/stored-messages.client.js';
export { type DurableConsumer, makeStreams } from './events/streams.js';
export type { DeadLetter } from './events/dead-letters.js';
export { type ConsumerLag, Operation, type StreamState } from './operation.js';
export { MessagingModule } from './messaging.module.js';
export { NATS, SERVICE_NAME } from './nats.token.js';
export { Bus, type CallOptions, DEADLINE_MS } from './requests/bus.client.js';
export { INTAKE } from './requests/intake.js';
export { NatsStrategy } from './requests/nats.strategy.js';
export { nextTurn } from './requests/next-turn.js';
export { RpcContext } from './requests/rpc.context.js';
export {
  broadcastSubject,
  consumerName,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  eventSubject,
  kindOfSubject,
  pushSubject,
  rpcSubject,
} from './subjects.js';
