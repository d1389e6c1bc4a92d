import { webhookRpc } from '@fowergram/contracts-notification';
import type { ServiceScope } from '@fowergram/contracts-user';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

const scope: ServiceScope = 'webhooks:manage';
const ONE = '($id: ID!)';

/** A service account's own webhooks, and what they were notified of. */
export const webhookRoutes: RestRoute[] = [
  get('/webhooks', {
    id: 'listWebhooks',
    scope,
    summary: 'The webhooks of a service account.',
    document: '{ webhooks { ...Webhook } }',
  }),
  post('/webhooks', {
    id: 'createWebhook',
    scope,
    contract: webhookRpc.create,
    summary: 'Makes a webhook of the service account.',
    created: '/webhooks/{webhook.id}',
    document: `mutation ($url: String!, $events: [WebhookEvent!]!) {
      createWebhook(input: { url: $url, events: $events }) { ...WebhookWithSecret }
    }`,
  }),
  get('/webhooks/{id}', {
    id: 'getWebhook',
    scope,
    summary: 'One webhook.',
    document: `query ${ONE} { webhook(id: $id) { ...Webhook } }`,
  }),
  patch('/webhooks/{id}', {
    id: 'updateWebhook',
    scope,
    contract: webhookRpc.update,
    summary: 'Changes where a webhook is notified, or of what.',
    document: `mutation ($id: ID!, $url: String, $events: [WebhookEvent!]) {
      updateWebhook(input: { webhookId: $id, url: $url, events: $events }) { ...Webhook }
    }`,
  }),
  del('/webhooks/{id}', {
    id: 'deleteWebhook',
    scope,
    summary: 'Ends a webhook with its ledger.',
    isEmpty: true,
    document: `mutation ${ONE} { deleteWebhook(input: { webhookId: $id }) { id } }`,
  }),
  post('/webhooks/{id}/secret', {
    id: 'rotateWebhookSecret',
    scope,
    summary: 'Makes another secret; the old one signs besides it for a day.',
    document: `mutation ${ONE} { rotateWebhookSecret(input: { webhookId: $id }) { ...WebhookWithSecret } }`,
  }),
  put('/webhooks/{id}/stop', {
    id: 'stopWebhook',
    scope,
    summary: 'Stops a webhook.',
    document: `mutation ${ONE} { stopWebhook(input: { webhookId: $id }) { ...Webhook } }`,
  }),
  del('/webhooks/{id}/stop', {
    id: 'startWebhook',
    scope,
    summary: 'Starts a webhook again.',
    document: `mutation ${ONE} { startWebhook(input: { webhookId: $id }) { ...Webhook } }`,
  }),
  get('/webhooks/{id}/deliveries', {
    id: 'listWebhookDeliveries',
    scope,
    summary: 'What a webhook was notified of, or is to be.',
    document: `query ($id: ID!, ${PAGE}) { webhook(id: $id) { deliveries(${AT_PAGE}) ${pageOf('WebhookDelivery')} } }`,
  }),
  post('/webhooks/{id}/replay', {
    id: 'replayWebhook',
    scope,
    contract: webhookRpc.replay,
    summary: 'Notifies a webhook again of what it was or could not be notified of: one delivery, or all since a time.',
    document: `mutation ($id: ID!, $deliveryId: ID, $since: DateTime) {
      replayWebhook(input: { webhookId: $id, deliveryId: $deliveryId, since: $since }) { ...WebhookReplay }
    }`,
  }),
];
