import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Webhook, WebhookDelivery } from '@fowergram/contracts-notification';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import {
  WebhookDeliveryState,
  WebhookEvent,
  WebhookFailure,
  WebhookState,
  WebhookStopReason,
} from './webhook-enums.types.js';

@ObjectType('Webhook', {
  description: 'An address of a service account that is notified of what happens (docs/webhooks.md).',
})
export class WebhookType implements Webhook {
  @Field(() => ID, { description: 'Names the webhook for other operations; node(id) does not find it.' })
  id: string;

  @Field(() => ID, { description: 'The service account that it belongs to.' })
  accountId: string;

  @Field({ description: 'Where it is notified.' })
  url: string;

  @Field(() => [WebhookEvent], { description: 'The kinds of changes that are sent to its address.' })
  events: Webhook['events'];

  @Field(() => WebhookState, { description: 'Whether it is notified of anything.' })
  state: Webhook['state'];

  @Field(() => WebhookStopReason, {
    nullable: true,
    description: 'Why it is notified of nothing; null while it is ACTIVE.',
  })
  stopReason: Webhook['stopReason'];

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when nothing could be delivered; null when the last try worked.',
  })
  failingSince: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt: string;
}

@ObjectType('WebhookDelivery', { description: 'What a webhook is sent of one event. It is kept for seven days.' })
export class WebhookDeliveryType implements WebhookDelivery {
  @Field(() => ID, { description: 'Names the delivery for replayWebhook; node(id) does not find it.' })
  id: string;

  @Field({ description: 'What the header webhook-id says: the same for each try.' })
  eventId: string;

  @Field(() => WebhookEvent, { description: 'The kind of change that is sent.' })
  event: WebhookDelivery['event'];

  @Field(() => WebhookDeliveryState, { description: 'What has become of it.' })
  state: WebhookDelivery['state'];

  @Field(() => Int, { description: 'How often it was tried.' })
  tries: number;

  @Field(() => DateTime, { description: 'When it was written down.' })
  createdAt: string;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; null when it is not.' })
  nextTryAt: string | null;

  @Field(() => Int, { nullable: true, description: 'The status of the last answer; null when there was none.' })
  lastStatus: number | null;

  @Field(() => WebhookFailure, { nullable: true, description: 'Why the last try failed; null when none did.' })
  lastFailure: WebhookDelivery['lastFailure'];

  @Field(() => Int, { nullable: true, description: 'How many milliseconds the last try took.' })
  lastDurationMs: number | null;

  @Field(() => String, { nullable: true, description: 'How the last answer began, up to 2 kB.' })
  lastAnswer: string | null;
}

export const { Connection: WebhookDeliveryConnection } = connectionTypes('WebhookDelivery', () => WebhookDeliveryType);

@ObjectType({ description: 'A webhook, and a secret that was made for it.' })
export class WebhookWithSecret {
  @Field(() => WebhookType, { description: 'The webhook that is signed with the secret.' })
  webhook: Webhook;

  @Field(() => String, {
    nullable: true,
    description:
      'The secret, which is shown this once. Null where a repeat with the same Idempotency-Key is answered: then rotate it.',
  })
  secret: string | null;
}

@ObjectType({ description: 'A webhook, and how much of what it was notified of is sent again.' })
export class WebhookReplay {
  @Field(() => WebhookType, { description: 'Where the deliveries are sent again.' })
  webhook: Webhook;

  @Field(() => Int, { description: 'How many deliveries are sent again: 10,000 at most, the oldest first.' })
  count: number;
}
