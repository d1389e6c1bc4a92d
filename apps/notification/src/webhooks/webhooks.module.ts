import { Module } from '@nestjs/common';
import { WebhookOwnerEventsController } from './api/webhook-owner-events.controller.js';
import { WebhookSecretsService } from './api/webhook-secrets.service.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { WebhooksRepository } from './api/webhooks.repository.js';
import { WebhooksService } from './api/webhooks.service.js';
import { WebhookDeliveriesRepository } from './delivery/webhook-deliveries.repository.js';
import { WebhookDeliveryService } from './delivery/webhook-delivery.service.js';
import { WebhookNamesClient } from './delivery/webhook-names.client.js';
import { WebhookClient } from './delivery/webhook.client.js';
import { WebhookEventsRepository } from './events/webhook-events.repository.js';
import { WebhookEventsService } from './events/webhook-events.service.js';
import { WebhookLedgerRepository } from './ledger/webhook-ledger.repository.js';
import { WebhookLedgerService } from './ledger/webhook-ledger.service.js';
import { WebhooksErasure } from './ledger/webhooks.erasure.js';

@Module({
  controllers: [WebhooksController, WebhookOwnerEventsController],
  providers: [
    WebhooksService,
    WebhooksRepository,
    WebhookSecretsService,
    WebhookEventsService,
    WebhookEventsRepository,
    WebhookDeliveryService,
    WebhookDeliveriesRepository,
    WebhookClient,
    WebhookNamesClient,
    WebhookLedgerService,
    WebhookLedgerRepository,
    WebhooksErasure,
  ],
})
export class WebhooksModule {}
