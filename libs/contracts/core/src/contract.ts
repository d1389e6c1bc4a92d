import type { z } from 'zod';

/** A request that one service answers; a query may be repeated freely, a command changes state. */
export interface Rpc<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly kind: 'query' | 'command';
  readonly input: I;
  readonly output: O;
}

/** A fact that happened; its owner publishes it once, any service may consume it. */
export interface Event<P extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly payload: P;
}

/** A signal to the open sockets of one user. */
export interface Push<P extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: P;
}

/** A signal to every replica of whoever listens; it may be lost, so each replica also asks the owner from time to time. */
export interface Broadcast<P extends z.ZodType = z.ZodType> {
  readonly topic: string;
  readonly payload: P;
}

/** What a caller hands in: defaults may be left out. */
export type Input<C extends Rpc> = z.input<C['input']>;
/** What a handler receives: parsed, defaults filled in. */
export type Parsed<C extends Rpc> = z.output<C['input']>;
export type Output<C extends Rpc> = z.output<C['output']>;
export type Payload<E extends Event | Push | Broadcast> = z.output<E['payload']>;

/** Declares a request that does not change state; its deadline is that of a read. */
export function query<I extends z.ZodType, O extends z.ZodType>(
  subject: string,
  io: { input: I; output: O },
): Rpc<I, O> {
  return Object.freeze({ subject, kind: 'query', ...io });
}

/** Declares a request that changes state; its deadline is that of a write and it may carry an idempotency key. */
export function command<I extends z.ZodType, O extends z.ZodType>(
  subject: string,
  io: { input: I; output: O },
): Rpc<I, O> {
  return Object.freeze({ subject, kind: 'command', ...io });
}

/** Declares an event by its subject, written in the past tense. */
export function event<P extends z.ZodType>(subject: string, payload: P): Event<P> {
  return Object.freeze({ subject, payload });
}

/** Declares a push message by its kebab-case name. */
export function push<P extends z.ZodType>(name: string, payload: P): Push<P> {
  return Object.freeze({ name, payload });
}

/** Declares a broadcast by its topic, written in the past tense. */
export function broadcast<P extends z.ZodType>(topic: string, payload: P): Broadcast<P> {
  return Object.freeze({ topic, payload });
}
