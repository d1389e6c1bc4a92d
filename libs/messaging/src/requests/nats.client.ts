import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Event, Rpc } from '@fowergram/contracts-core';
import { currentEnvelope, newCorrelationId } from '@fowergram/service-kit';
import { toEventHeaders } from '../envelope.js';
import { NATS } from '../nats.token.js';
import { eventSubject } from '../subjects.js';
import { Bus } from './bus.client.js';
import { encode } from './codec.js';

/**
 * Nest's ClientProxy over the same connection, deadlines and errors as the Bus; a pattern is a contract.
 * `emit` publishes at once, outside of any transaction: an event that tells of a stored change belongs in the outbox.
 */
@Injectable()
export class NatsClient extends ClientProxy {
  constructor(
    private readonly bus: Bus,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {
    super();
  }

  /** The connection was made before anything could be injected. */
  async connect(): Promise<void> {}

  /** The connection belongs to the service, which closes it when it stops. */
  close(): void {}

  unwrap<T = NatsConnection>(): T {
    return this.nats as T;
  }

  protected publish({ pattern, data }: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    this.bus.call(pattern as Rpc, data).then(
      (response) => callback({ response, isDisposed: true }),
      (err: unknown) => callback({ err, isDisposed: true }),
    );
    return () => undefined;
  }

  protected async dispatchEvent<T>({ pattern, data }: ReadPacket): Promise<T> {
    const contract = pattern as Event;
    const headers = toEventHeaders(currentEnvelope()?.correlationId ?? newCorrelationId());
    const payload = encode(contract.payload.parse(data));
    return (await jetstream(this.nats).publish(eventSubject(contract), payload, { msgID: randomUUID(), headers })) as T;
  }
}
