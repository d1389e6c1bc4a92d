import { z } from 'zod';
import { command, Id, PageInput, pageOf, query, Timestamp } from '@fowergram/contracts-core';
import { Reason } from '@fowergram/contracts-user';
import { Webhook, WebhookDelivery, WebhookEvents, WebhookUrl } from './webhook.models.js';

/**
 * Who acts: an administrator with a reason, whom the gateway has had confirmed by the user service, or with null the service account itself.
 * Where `accountId` is given, whatever is not a webhook of that account is NOT_FOUND.
 */
const Act = z.object({ administratorId: Id.nullable(), reason: Reason.nullable(), accountId: Id.nullable() });
const OnWebhook = Act.extend({ webhookId: Id });
/** `secret` is shown this once: it is null where a repeat is answered, and then it is rotated once more. */
const WithSecret = z.object({ webhook: Webhook, secret: z.string().nullable() });
const Seen = z.object({ webhookId: Id, accountId: Id.nullable() });

/** Webhooks of service accounts, and the ledger of what they were notified of. */
export const webhookRpc = {
  /** All of an account, newest first. */
  list: query('notification.webhook.list', { input: z.object({ accountId: Id }), output: z.array(Webhook) }),
  byId: query('notification.webhook.by-id', { input: Seen, output: Webhook.nullable() }),
  /** Newest first. */
  deliveries: query('notification.webhook.deliveries', {
    input: PageInput.extend(Seen.shape),
    output: pageOf(WebhookDelivery),
  }),
  create: command('notification.webhook.create', {
    input: Act.extend({ accountId: Id, url: WebhookUrl, events: WebhookEvents }),
    output: WithSecret,
  }),
  update: command('notification.webhook.update', {
    input: OnWebhook.extend({ url: WebhookUrl.nullable(), events: WebhookEvents.nullable() }),
    output: Webhook,
  }),
  /** Makes another secret; the old one signs besides it for a day. */
  rotateSecret: command('notification.webhook.rotate-secret', { input: OnWebhook, output: WithSecret }),
  stop: command('notification.webhook.stop', { input: OnWebhook, output: Webhook }),
  start: command('notification.webhook.start', { input: OnWebhook, output: Webhook }),
  /** Sends again one delivery, or all that were written since a time, and answers how many these are. */
  replay: command('notification.webhook.replay', {
    input: OnWebhook.extend({ deliveryId: Id.nullable(), since: Timestamp.nullable() }),
    output: z.object({ webhook: Webhook, count: z.number().int() }),
  }),
  /** Ends a webhook with its ledger; answers what it was. */
  remove: command('notification.webhook.remove', { input: OnWebhook, output: Webhook }),
};
