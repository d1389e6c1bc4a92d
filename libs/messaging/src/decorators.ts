import type { Event, Output, Parsed, Payload, Rpc } from '@fowergram/contracts-core';
import type { Envelope } from './envelope.js';

export interface EventContext {
  /** The id of the outbox row: the same for every delivery of this event. */
  eventId: string;
  /** The durable consumer that delivers it. */
  consumer: string;
  correlationId: string;
}

type RpcMethod<C extends Rpc> = (input: Parsed<C>, envelope: Envelope) => Promise<Output<C>>;
type EventMethod<E extends Event> = (payload: Payload<E>, context: EventContext) => Promise<void>;

export interface HandlerEntry {
  contract: Rpc;
  method: string;
}
export interface ListenerEntry {
  contract: Event;
  method: string;
}

const HANDLERS = Symbol('fowergram:handlers');
const LISTENERS = Symbol('fowergram:listeners');

/** Marks the one method that answers a request; a method whose types differ from the contract does not compile. */
export function Handle<C extends Rpc>(contract: C) {
  return <M extends RpcMethod<C>>(target: object, method: string, _descriptor: TypedPropertyDescriptor<M>): void =>
    append(target, HANDLERS, { contract, method });
}

/** Marks the method that consumes an event, at least once; the event counts as consumed when the method returns. */
export function On<E extends Event>(contract: E) {
  return <M extends EventMethod<E>>(target: object, method: string, _descriptor: TypedPropertyDescriptor<M>): void =>
    append(target, LISTENERS, { contract, method });
}

export const handlersOf = (prototype: object): HandlerEntry[] =>
  (Reflect.getMetadata(HANDLERS, prototype) as HandlerEntry[] | undefined) ?? [];
export const listenersOf = (prototype: object): ListenerEntry[] =>
  (Reflect.getMetadata(LISTENERS, prototype) as ListenerEntry[] | undefined) ?? [];

function append(target: object, key: symbol, entry: HandlerEntry | ListenerEntry): void {
  const entries = (Reflect.getOwnMetadata(key, target) as unknown[] | undefined) ?? [];
  Reflect.defineMetadata(key, [...entries, entry], target);
}
