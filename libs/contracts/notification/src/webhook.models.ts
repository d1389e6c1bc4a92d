import { z } from 'zod';
import { Id, Text, Timestamp } from '@fowergram/contracts-core';

export const MAX_WEBHOOKS_PER_ACCOUNT = 10;
export const MAX_WEBHOOK_URL_LENGTH = 2_048;
/** How long a secret that was replaced still signs besides the new one. */
export const OLD_SECRET_HOURS = 24;
/** How long the ledger keeps a delivery. */
export const DELIVERY_KEPT_DAYS = 7;

/** What a webhook can be notified of, and Events/Watch says by gRPC; reported.events.ts has what is reported of each. */
export const WebhookEventType = z.enum([
  'account_changed',
  'account_deleted',
  'profile_updated',
  'followed',
  'unfollowed',
  'post_published',
  'post_state_changed',
  'post_deleted',
  'liked',
  'unliked',
  'commented',
  'comment_deleted',
]);
export type WebhookEventType = z.output<typeof WebhookEventType>;

export const WebhookEvents = z
  .array(WebhookEventType)
  .min(1, { error: 'A webhook needs at least one event.' })
  .max(WebhookEventType.options.length)
  .transform((events) => WebhookEventType.options.filter((event) => events.includes(event)));

/** Where events are sent; whether the address may be called is decided by the notification service, and again at each call. */
export const WebhookUrl = Text.min(1, { error: 'An address is missing.' }).max(MAX_WEBHOOK_URL_LENGTH, {
  error: `An address has at most ${MAX_WEBHOOK_URL_LENGTH} characters.`,
});

export const WebhookState = z.enum(['ACTIVE', 'STOPPED']);
/** Why a webhook is stopped: by somebody, after days of failures, because its server said 410, or because too much waited for it. */
export const WebhookStopReason = z.enum(['BY_HAND', 'FAILING', 'GONE', 'BACKLOG']);
export type WebhookStopReason = z.output<typeof WebhookStopReason>;

export const Webhook = z.object({
  id: Id,
  accountId: Id,
  url: z.string(),
  events: z.array(WebhookEventType),
  state: WebhookState,
  stopReason: WebhookStopReason.nullable(),
  /** Since when nothing was delivered; null where the last try worked. */
  failingSince: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type Webhook = z.output<typeof Webhook>;

/** FAILED is one that is not tried any more. */
export const WebhookDeliveryState = z.enum(['WAITING', 'DELIVERED', 'FAILED']);
export type WebhookDeliveryState = z.output<typeof WebhookDeliveryState>;
/** Why a try failed: the address may not be called, nobody answers there, TLS, the time was over, or the status was none of 2xx. */
export const WebhookFailure = z.enum(['ADDRESS', 'UNREACHABLE', 'TLS', 'TIMEOUT', 'STATUS']);
export type WebhookFailure = z.output<typeof WebhookFailure>;

/** One line of the ledger. */
export const WebhookDelivery = z.object({
  id: Id,
  /** What the header webhook-id says. */
  eventId: z.string(),
  event: WebhookEventType,
  state: WebhookDeliveryState,
  tries: z.number().int(),
  createdAt: Timestamp,
  /** Null for what does not wait. */
  nextTryAt: Timestamp.nullable(),
  lastStatus: z.number().int().nullable(),
  lastFailure: WebhookFailure.nullable(),
  lastDurationMs: z.number().int().nullable(),
  /** How the answer to the last try began. */
  lastAnswer: z.string().nullable(),
});
export type WebhookDelivery = z.output<typeof WebhookDelivery>;
