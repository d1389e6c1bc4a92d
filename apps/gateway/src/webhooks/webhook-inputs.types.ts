import { Field, ID, InputType } from '@nestjs/graphql';
import { MAX_WEBHOOK_URL_LENGTH, type WebhookEventType as EventModel } from '@fowergram/contracts-notification';
import { MAX_REASON_LENGTH } from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { WebhookEvent } from './webhook-enums.types.js';

const URL_DESCRIPTION = `Where to tell: an https address of the internet, up to ${MAX_WEBHOOK_URL_LENGTH} characters; any other is BAD_USER_INPUT (WEBHOOK_URL).`;
const REASON = `Why, in 1 to ${MAX_REASON_LENGTH} characters; it stays on record. Administrators have to say so.`;
const WEBHOOK = 'Which webhook; one that is not there is NOT_FOUND.';

@InputType({ description: 'A webhook to make, and why.' })
export class CreateWebhookInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose it will be, which administrators have to say; a service account makes its own.',
  })
  accountId?: string | null;

  @Field({ description: URL_DESCRIPTION })
  url: string;

  @Field(() => [WebhookEvent], { description: 'What to tell it of; one event at least.' })
  events: EventModel[];

  @Field(() => String, { nullable: true, description: REASON })
  reason?: string | null;
}

@InputType({ description: 'What is to be another at a webhook, and why.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: WEBHOOK })
  webhookId: string;

  @Field(() => String, { nullable: true, description: `${URL_DESCRIPTION} Left out, it stays.` })
  url?: string | null;

  @Field(() => [WebhookEvent], { nullable: true, description: 'What to tell it of from now on. Left out, it stays.' })
  events?: EventModel[] | null;

  @Field(() => String, { nullable: true, description: REASON })
  reason?: string | null;
}

@InputType({ description: 'A webhook, and why something is done to it.' })
export class WebhookInput {
  @Field(() => ID, { description: WEBHOOK })
  webhookId: string;

  @Field(() => String, { nullable: true, description: REASON })
  reason?: string | null;
}

@InputType({ description: 'What a webhook is notified of again, and why: one delivery, or all since a time.' })
export class ReplayWebhookInput {
  @Field(() => ID, { description: WEBHOOK })
  webhookId: string;

  @Field(() => ID, { nullable: true, description: 'One delivery, whatever has become of it. Not together with since.' })
  deliveryId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'All that were written down since then and do not wait, 10,000 at most. Not together with deliveryId.',
  })
  since?: string | null;

  @Field(() => String, { nullable: true, description: REASON })
  reason?: string | null;
}
