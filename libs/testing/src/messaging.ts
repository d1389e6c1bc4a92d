import 'reflect-metadata';
import { promisify } from 'node:util';
import type { MessageHandler } from '@nestjs/microservices';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import {
  type Event,
  type Input,
  type Output,
  type Parsed,
  parseInput,
  type Payload,
  type Rpc,
} from '@fowergram/contracts-core';
import { Database, newId } from '@fowergram/database';
import { Bus, connectNats, type Envelope, eventSubject, NatsStrategy, rpcSubject } from '@fowergram/messaging';

/** A caller and a stand-in for other services on the NATS of one test file. */
export class TestMessaging {
  private constructor(
    readonly nats: NatsConnection,
    readonly bus: Bus,
    private readonly servers: NatsStrategy[] = [],
  ) {}

  /** With credentials of a service, `as` names it. */
  static async open(natsUrl: string, as = 'test'): Promise<TestMessaging> {
    const nats = await connectNats(natsUrl, as);
    return new TestMessaging(nats, new Bus(nats, new Registry(), pino({ level: 'silent' })));
  }

  /** Calls a service as the gateway would. */
  call<C extends Rpc>(contract: C, input: Input<C>, options: { idempotencyKey?: string } = {}): Promise<Output<C>> {
    return this.bus.call(contract, input, options);
  }

  /** Answers a contract of another service, which is not part of this test; input is parsed as the real owner would. */
  async answer<C extends Rpc>(
    contract: C,
    handler: (input: Parsed<C>, envelope: Envelope) => Output<C> | Promise<Output<C>>,
  ): Promise<void> {
    const [owner] = contract.subject.split('.');
    const server = new NatsStrategy(this.nats, owner!, pino({ level: 'silent' }), new Registry());
    const answer = async (input: unknown, envelope: Envelope): Promise<unknown> =>
      contract.output.parse(await handler(parseInput(contract.input, input) as Parsed<C>, envelope));
    server.addHandler(rpcSubject(contract), answer as MessageHandler, false, { contract });
    await promisify(server.listen.bind(server))();
    this.servers.push(server);
  }

  /** Publishes an event as its owner's relay would. */
  async publish<E extends Event>(contract: E, payload: Payload<E>, eventId: string = newId()): Promise<string> {
    await jetstream(this.nats).publish(eventSubject(contract), JSON.stringify(payload), { msgID: eventId });
    return eventId;
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
    await this.nats.close();
  }
}

/** The payloads of one event that a service has put in its outbox, oldest first. */
export async function recordedEvents<E extends Event>(db: Database, contract: E): Promise<Payload<E>[]> {
  const rows = await db.query<{ payload: Payload<E> }>('select payload from outbox where subject = $1 order by id', [
    eventSubject(contract),
  ]);
  return rows.map((row) => row.payload);
}

/** True when a service has published everything that it recorded. */
export async function outboxIsEmpty(db: Database): Promise<boolean> {
  const rows = await db.query('select 1 from outbox where published_at is null limit 1');
  return rows.length === 0;
}
