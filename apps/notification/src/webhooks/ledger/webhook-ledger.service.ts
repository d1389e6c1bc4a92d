import { Injectable } from '@nestjs/common';
import {
  badInput,
  decodePosition,
  encodePosition,
  NEWEST,
  notFound,
  type Output,
  type Page,
  type Parsed,
  toPage,
} from '@fowergram/contracts-core';
import { type WebhookDelivery, webhookRpc } from '@fowergram/contracts-notification';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Every } from '@fowergram/service-kit';
import { WebhooksRepository } from '../api/webhooks.repository.js';
import { noSuchWebhook } from '../api/webhooks.rules.js';
import { WebhookDeliveryService } from '../delivery/webhook-delivery.service.js';
import { toDelivery, WebhookLedgerRepository } from './webhook-ledger.repository.js';

type Replay = Parsed<typeof webhookRpc.replay>;

/** Deliveries that one call has sent again, at most: who wants more calls once more, with a later time. */
export const MAX_REPLAYED = 10_000;
const PURGE_INTERVAL_MS = 60_000;

/** What webhooks were notified of, for whoever looks after them. */
@Injectable()
export class WebhookLedgerService {
  constructor(
    private readonly db: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly ledger: WebhookLedgerRepository,
    private readonly delivery: WebhookDeliveryService,
  ) {}

  @Every(PURGE_INTERVAL_MS, 'purge old deliveries of webhooks')
  purge(signal?: AbortSignal): Promise<void> {
    return this.ledger.purge(signal);
  }

  async list(input: Parsed<typeof webhookRpc.deliveries>): Promise<Page<WebhookDelivery>> {
    const { webhookId, accountId, first, after } = input;
    if (!(await this.webhooks.find(webhookId, accountId))) throw noSuchWebhook();
    const rows = await this.ledger.newest(webhookId, after ? decodePosition(after) : NEWEST, first + 1);
    return toPage(rows, first, (row) => ({
      cursor: encodePosition({ at: row.createdAt, id: row.id }),
      node: toDelivery(row),
    }));
  }

  async replay(input: Replay, idempotencyKey: string | undefined): Promise<Output<typeof webhookRpc.replay>> {
    const { webhookId, accountId, administratorId, reason } = input;
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, webhookRpc.replay, input, async () => {
        await this.webhooks.lock(tx, webhookId);
        const webhook = await this.webhooks.byId(tx, webhookId, accountId);
        if (!webhook) throw noSuchWebhook();
        const count = await this.again(tx, input);
        const act = { administratorId, reason, webhookId, accountId: webhook.accountId };
        await this.webhooks.recordAction(tx, { ...act, action: 'REPLAY' });
        return { webhook, count };
      }),
    );
    this.delivery.trigger();
    return answer;
  }

  private async again(tx: Tx, { webhookId, deliveryId, since }: Replay): Promise<number> {
    if ((deliveryId === null) === (since === null))
      throw badInput(['since'], 'Name one delivery, or a time since which all are sent again.');
    if (since !== null) return this.ledger.replaySince(tx, webhookId, since, MAX_REPLAYED);
    if (!(await this.ledger.replayOne(tx, webhookId, deliveryId!))) throw notFound('delivery', ['deliveryId']);
    return 1;
  }
}
