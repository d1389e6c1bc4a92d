import { Inject, Injectable } from '@nestjs/common';
import { context as otelContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Histogram, Registry } from 'prom-client';
import {
  AppError,
  type Broadcast,
  type Event,
  type Input,
  type Output,
  parseInput,
  type Payload,
  type Push,
  type Rpc,
} from '@fowergram/contracts-core';
import { currentEnvelope, histogram, type Logger, LOGGER, newCorrelationId } from '@fowergram/service-kit';
import { onStatus } from '../connection.js';
import { toHeaders, traceOf } from '../envelope.js';
import { NATS } from '../nats.token.js';
import { broadcastSubject, eventSubject, pushSubject, rpcSubject } from '../subjects.js';
import { decodeError, encode, ERROR_HEADER } from './codec.js';
import { nextTurn } from './next-turn.js';
import { RequestInbox } from './request-inbox.js';

export const DEADLINE_MS = { query: 2_000, command: 5_000 } as const;

/** How much of its own time a service gives to what it asks others: the rest is for its answer without them. */
const SHARE_OF_NESTED_CALL = 0.75;

export interface CallOptions {
  /** The scoped Idempotency-Key of a mutation; the owner keeps it in the transaction of the effect. */
  idempotencyKey?: string;
  /** That of the client's request; a call that a request causes inherits it. */
  correlationId?: string;
  /** Epoch milliseconds; never later than the deadline of the kind of call. */
  deadlineAt?: number;
  /** Called with the bytes of the answer before it is read; what it throws is the outcome of the call. */
  onReply?: ((reply: Uint8Array) => void) | undefined;
}

/** Asks other services, pushes to sockets and tells all replicas; every call is typed by its contract and ends by its deadline. */
@Injectable()
export class Bus {
  private readonly tracer = trace.getTracer('messaging');
  private readonly duration: Histogram<'subject' | 'code'>;
  private readonly inbox: RequestInbox;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    metrics: Registry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.inbox = new RequestInbox(nats);
    this.duration = histogram(
      metrics,
      'rpc_client_duration_seconds',
      'Requests to other services, by subject and outcome.',
      ['subject', 'code'],
    );
  }

  /** Sends a request; throws the owner's AppError, or UNAVAILABLE when no answer comes in time (2 s for reads, 5 s for writes). */
  async call<C extends Rpc>(contract: C, input: Input<C>, options: CallOptions = {}): Promise<Output<C>> {
    const parent = currentEnvelope();
    const envelope = {
      ...options,
      correlationId: options.correlationId ?? parent?.correlationId ?? newCorrelationId(),
      deadlineAt: Math.min(options.deadlineAt ?? deadlineOfNested(parent), Date.now() + DEADLINE_MS[contract.kind]),
    };
    const timer = this.duration.startTimer({ subject: contract.subject });
    const span = this.tracer.startSpan(`call ${contract.subject}`, { kind: SpanKind.CLIENT });
    try {
      const output = await otelContext.with(trace.setSpan(otelContext.active(), span), () =>
        this.request(contract, input, envelope),
      );
      timer({ code: 'OK' });
      return output;
    } catch (error) {
      timer({ code: error instanceof AppError ? error.code : 'INTERNAL' });
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  /** Sends a signal to every gateway that holds a socket of this user; nobody may be listening. */
  push<P extends Push>(userId: string, contract: P, payload: Payload<P>): void {
    this.nats.publish(pushSubject(userId, contract), encode(payload));
  }

  /** Calls `receive` for each signal to this user; the returned function ends it. */
  onPush<P extends Push>(userId: string, contract: P, receive: (payload: Payload<P>) => void): () => void {
    return this.listen(pushSubject(userId, contract), contract, receive);
  }

  /** Sends a signal to every replica that listens, this one included; nothing while the connection is closed, since a signal may be lost. */
  broadcast<B extends Broadcast>(contract: B, payload: Payload<B>): void {
    if (this.nats.isDraining() || this.nats.isClosed()) return;
    this.nats.publish(broadcastSubject(contract), encode(payload));
  }

  /**
   * Calls `receive` in every replica, once per signal; the returned function ends it. An event can be heard like this too, when each
   * replica must learn of it and may miss it; `@On` is for what one replica has to do.
   */
  onBroadcast<B extends Broadcast | Event>(contract: B, receive: (payload: Payload<B>) => void): () => void {
    const subject = 'topic' in contract ? broadcastSubject(contract) : eventSubject(contract);
    return this.listen(subject, contract, receive);
  }

  /** Calls `react` whenever the connection to NATS was lost and is there again: signals may have been missed meanwhile. */
  onReconnect(react: () => void): () => void {
    return onStatus(this.nats, (type) => {
      if (type === 'reconnect') react();
    });
  }

  private listen<P extends Push | Broadcast | Event>(
    subject: string,
    contract: P,
    receive: (payload: Payload<P>) => void,
  ): () => void {
    const subscription = this.nats.subscribe(subject, {
      callback: (error, message) => {
        if (error) return;
        // What a callback throws ends the reader of the connection: this process would hear nothing any more, and not know it.
        try {
          const payload = parseInput(contract.payload, message.json()) as Payload<P>;
          otelContext.with(traceOf(message.headers), () => receive(payload));
        } catch (err) {
          this.log.warn({ err, subject }, 'signal ignored');
        }
      },
    });
    return () => subscription.unsubscribe();
  }

  private async request<C extends Rpc>(
    contract: C,
    input: Input<C>,
    envelope: Parameters<typeof toHeaders>[0] & Pick<CallOptions, 'onReply'>,
  ): Promise<Output<C>> {
    await nextTurn();
    const timeout = envelope.deadlineAt - Date.now();
    if (timeout <= 0) throw unavailable(contract);
    const reply = await this.inbox
      .request(rpcSubject(contract), encode(input), { timeout, headers: toHeaders(envelope) })
      .catch((error: unknown) => {
        throw unavailable(contract, error);
      });
    if (reply.headers?.has(ERROR_HEADER)) throw decodeError(reply.json());
    envelope.onReply?.(reply.data);
    return reply.json<Output<C>>();
  }
}

/** A service that waited for another one until its own deadline would be the one that does not answer. */
function deadlineOfNested(parent: { deadlineAt: number } | undefined): number {
  const now = Date.now();
  return parent ? now + (parent.deadlineAt - now) * SHARE_OF_NESTED_CALL : Infinity;
}

function unavailable(contract: Rpc, cause?: unknown): AppError {
  const service = contract.subject.split('.')[0];
  return new AppError('UNAVAILABLE', `The ${service} service does not answer. Please try again.`, {}, { cause });
}
