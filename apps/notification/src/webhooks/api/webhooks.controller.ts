import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Webhook, type WebhookDelivery, webhookRpc } from '@fowergram/contracts-notification';
import { type Envelope, Handle } from '@fowergram/messaging';
import { WebhookLedgerService } from '../ledger/webhook-ledger.service.js';
import { WebhooksService } from './webhooks.service.js';

@Controller()
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly ledger: WebhookLedgerService,
  ) {}

  @Handle(webhookRpc.list)
  list({ accountId }: Parsed<typeof webhookRpc.list>): Promise<Webhook[]> {
    return this.webhooks.list(accountId);
  }

  @Handle(webhookRpc.byId)
  byId(input: Parsed<typeof webhookRpc.byId>): Promise<Webhook | null> {
    return this.webhooks.byId(input);
  }

  @Handle(webhookRpc.deliveries)
  deliveries(input: Parsed<typeof webhookRpc.deliveries>): Promise<Page<WebhookDelivery>> {
    return this.ledger.list(input);
  }

  @Handle(webhookRpc.create)
  create(
    input: Parsed<typeof webhookRpc.create>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof webhookRpc.create>> {
    return this.webhooks.create(input, idempotencyKey);
  }

  @Handle(webhookRpc.update)
  update(input: Parsed<typeof webhookRpc.update>, { idempotencyKey }: Envelope): Promise<Webhook> {
    return this.webhooks.update(input, idempotencyKey);
  }

  @Handle(webhookRpc.rotateSecret)
  rotateSecret(
    input: Parsed<typeof webhookRpc.rotateSecret>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof webhookRpc.rotateSecret>> {
    return this.webhooks.rotateSecret(input, idempotencyKey);
  }

  @Handle(webhookRpc.stop)
  stop(input: Parsed<typeof webhookRpc.stop>, { idempotencyKey }: Envelope): Promise<Webhook> {
    return this.webhooks.stop(input, idempotencyKey);
  }

  @Handle(webhookRpc.start)
  start(input: Parsed<typeof webhookRpc.start>, { idempotencyKey }: Envelope): Promise<Webhook> {
    return this.webhooks.start(input, idempotencyKey);
  }

  @Handle(webhookRpc.replay)
  replay(
    input: Parsed<typeof webhookRpc.replay>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof webhookRpc.replay>> {
    return this.ledger.replay(input, idempotencyKey);
  }

  @Handle(webhookRpc.remove)
  remove(input: Parsed<typeof webhookRpc.remove>, { idempotencyKey }: Envelope): Promise<Webhook> {
    return this.webhooks.remove(input, idempotencyKey);
  }
}
