import { registerEnumType } from '@nestjs/graphql';
import {
  type WebhookEventType as EventModel,
  WebhookDeliveryState as DeliveryStateSchema,
  WebhookFailure as FailureSchema,
  WebhookState as StateSchema,
  WebhookStopReason as StopReasonSchema,
} from '@fowergram/contracts-notification';

/** The values are those of the contract, and stand in what is sent; the names are what clients see. */
export const WebhookEvent = {
  ACCOUNT_CHANGED: 'account_changed',
  ACCOUNT_DELETED: 'account_deleted',
  PROFILE_UPDATED: 'profile_updated',
  FOLLOWED: 'followed',
  UNFOLLOWED: 'unfollowed',
  POST_PUBLISHED: 'post_published',
  POST_STATE_CHANGED: 'post_state_changed',
  POST_DELETED: 'post_deleted',
  LIKED: 'liked',
  UNLIKED: 'unliked',
  COMMENTED: 'commented',
  COMMENT_DELETED: 'comment_deleted',
} as const satisfies Record<string, EventModel>;
registerEnumType(WebhookEvent, {
  name: 'WebhookEvent',
  description: 'A kind of change that is sent to other back ends.',
  valuesMap: {
    ACCOUNT_CHANGED: { description: 'Role, status or privacy of an account is another one.' },
    ACCOUNT_DELETED: { description: 'An account is gone for good: delete what you keep of the user.' },
    PROFILE_UPDATED: { description: 'A user has changed what their profile says.' },
    FOLLOWED: { description: 'Somebody follows somebody.' },
    UNFOLLOWED: { description: 'Somebody follows somebody no more.' },
    POST_PUBLISHED: { description: 'Somebody has put something online that everybody may see.' },
    POST_STATE_CHANGED: { description: 'A post that was published is hidden, or shown again.' },
    POST_DELETED: { description: 'A post is gone for good: delete what you keep of it.' },
    LIKED: { description: 'Somebody likes a post.' },
    UNLIKED: { description: 'Somebody likes a post no more.' },
    COMMENTED: { description: 'Somebody has commented a post.' },
    COMMENT_DELETED: { description: 'Something that was said under a post is there no more.' },
  },
});

export const WebhookState = StateSchema.enum;
registerEnumType(WebhookState, {
  name: 'WebhookState',
  description: 'Whether a webhook is notified of anything.',
  valuesMap: {
    ACTIVE: { description: 'It is notified of what happens.' },
    STOPPED: { description: 'It is notified of nothing, and what happens meanwhile is not written down for it.' },
  },
});

export const WebhookStopReason = StopReasonSchema.enum;
registerEnumType(WebhookStopReason, {
  name: 'WebhookStopReason',
  description: 'Why a webhook is stopped.',
  valuesMap: {
    BY_HAND: { description: 'Somebody has stopped it.' },
    FAILING: { description: 'For three days nothing could be delivered.' },
    GONE: { description: 'Its server answered 410.' },
    BACKLOG: { description: 'More than 100,000 deliveries waited for it.' },
  },
});

export const WebhookDeliveryState = DeliveryStateSchema.enum;
registerEnumType(WebhookDeliveryState, {
  name: 'WebhookDeliveryState',
  description: 'What has become of a delivery.',
  valuesMap: {
    WAITING: { description: 'It will be tried, for the first time or again.' },
    DELIVERED: { description: 'It was answered with a status of 2xx.' },
    FAILED: { description: 'Ten tries failed, and there is no further one.' },
  },
});

export const WebhookFailure = FailureSchema.enum;
registerEnumType(WebhookFailure, {
  name: 'WebhookFailure',
  description: 'Why a try failed.',
  valuesMap: {
    ADDRESS: { description: 'The address, or one that its name stands for, is none of the internet.' },
    UNREACHABLE: { description: 'The name is not known, or nobody answers there.' },
    TLS: { description: 'The certificate is not good, or there is no TLS.' },
    TIMEOUT: { description: 'There was no answer within ten seconds.' },
    STATUS: { description: 'The status was none of 2xx; redirects are not followed.' },
  },
});
