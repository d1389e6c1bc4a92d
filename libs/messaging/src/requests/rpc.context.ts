import { NatsContext } from '@nestjs/microservices';
import type { Msg } from '@nats-io/nats-core';
import type { Envelope } from '@fowergram/service-kit';
import { fromHeaders } from '../envelope.js';

/** What `@Ctx()` gives to a method that answers a request: what travelled beside its input. */
export class RpcContext extends NatsContext implements Envelope {
  readonly correlationId: string;
  readonly deadlineAt: number;
  readonly idempotencyKey?: string;

  constructor({ subject, headers }: Pick<Msg, 'subject' | 'headers'>, defaultBudgetMs: number) {
    super([subject, headers]);
    const envelope = fromHeaders(headers, defaultBudgetMs);
    this.correlationId = envelope.correlationId;
    this.deadlineAt = envelope.deadlineAt;
    if (envelope.idempotencyKey) this.idempotencyKey = envelope.idempotencyKey;
  }
}
