import 'reflect-metadata';
import type { PipeTransform } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { Ctx, EventPattern, type MessageHandler, MessagePattern, Payload as PayloadOf } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA, PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import { RpcParamtype } from '@nestjs/microservices/enums/rpc-paramtype.enum.js';
import type { z } from 'zod';
import type { Event, Output, Parsed, Payload, Rpc } from '@fowergram/contracts-core';
import { ContractPipe } from './contract.pipe.js';
import type { JetStreamContext } from './events/jetstream.context.js';
import type { RpcContext } from './requests/rpc.context.js';
import { eventSubject, rpcSubject } from './subjects.js';

/** Tells Nest which of the two transports a method belongs to. */
export const NATS_TRANSPORT = Symbol('nats');
export const JETSTREAM_TRANSPORT = Symbol('jetstream');

// What stands behind the context is filled in by parameter decorators of Nest, whose types nobody can see here.
type RpcMethod<C extends Rpc> = (input: Parsed<C>, context: RpcContext, ...decorated: never[]) => Promise<Output<C>>;
type EventMethod<E extends Event> = (
  payload: Payload<E>,
  context: JetStreamContext,
  ...decorated: never[]
) => Promise<void>;

/** `@MessagePattern` for a contract: marks the one method that answers a request; other types do not compile. */
export function Handle<C extends Rpc>(contract: C) {
  return <M extends RpcMethod<C>>(target: object, method: string, descriptor: TypedPropertyDescriptor<M>): void => {
    MessagePattern(rpcSubject(contract), NATS_TRANSPORT, { contract })(target, method, descriptor);
    fillParameters(target, method, contract.input);
  };
}

/** `@EventPattern` for a contract: the event counts as consumed when the method returns, and comes again when it throws. */
export function On<E extends Event>(contract: E) {
  return <M extends EventMethod<E>>(target: object, method: string, descriptor: TypedPropertyDescriptor<M>): void => {
    EventPattern(eventSubject(contract), JETSTREAM_TRANSPORT, { contract })(
      target,
      method,
      descriptor as PropertyDescriptor,
    );
    fillParameters(target, method, contract.payload);
  };
}

/** The contract that Nest registered beside a handler. */
export function contractOf<C extends Rpc | Event>(subject: string, handler: MessageHandler): C {
  const contract = (handler.extras as { contract?: C } | undefined)?.contract;
  if (!contract) throw new Error(`The method for ${subject} has no contract: use @Handle or @On.`);
  return contract;
}

export interface HandlerEntry<C extends Rpc | Event> {
  contract: C;
  method: string;
}

/** The requests that a controller answers. */
export const handlersOf = (prototype: object): HandlerEntry<Rpc>[] =>
  entriesOf(prototype).filter((entry): entry is HandlerEntry<Rpc> => 'kind' in entry.contract);
/** The events that a controller consumes. */
export const listenersOf = (prototype: object): HandlerEntry<Event>[] =>
  entriesOf(prototype).filter((entry): entry is HandlerEntry<Event> => 'payload' in entry.contract);

function entriesOf(prototype: object): HandlerEntry<Rpc | Event>[] {
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((method) => {
    const callback = (prototype as Record<string, object>)[method]!;
    const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, callback) as { contract?: Rpc | Event } | undefined;
    return extras?.contract ? [{ contract: extras.contract, method }] : [];
  });
}

interface Parameter {
  index: number;
  data?: string;
  pipes: (PipeTransform | (new () => PipeTransform))[];
}

/** Nest fills only what is decorated: the payload comes first and the context second, and every payload is validated. */
function fillParameters(target: object, method: string, schema: z.ZodType): void {
  const given = (Reflect.getMetadata(PARAM_ARGS_METADATA, target.constructor, method) ?? {}) as Record<
    string,
    Parameter
  >;
  for (const [kind, { index, data, pipes }] of Object.entries(given)) {
    if (!kind.startsWith(`${RpcParamtype.PAYLOAD}:`)) continue;
    PayloadOf(new ContractPipe(schema, data), ...pipes)(target, method, index);
  }
  const decorated = new Set(Object.values(given).map(({ index }) => index));
  if (!decorated.has(0)) PayloadOf(new ContractPipe(schema))(target, method, 0);
  if (!decorated.has(1)) Ctx()(target, method, 1);
}
