import {
  type Reported,
  reportedEvent as reportedEvents,
  type WebhookEventType,
} from '@fowergram/contracts-notification';
import { type LoggedEvent, logged } from '@fowergram/messaging';

/** What is said of an event. */
export interface ReportedEvent extends Reported {
  id: string;
  event: WebhookEventType;
  happenedAt: Date;
}

const views = new Map(
  Object.entries(reportedEvents).map(([event, { contract, report }]) => {
    const { subject, show } = logged(contract, report);
    return [subject, { event: event as WebhookEventType, show }];
  }),
);

/** What webhooks are sent of an event of the log; undefined for one that is not for others. */
export function reportedEvent({ id, subject, payload, storedAt }: LoggedEvent): ReportedEvent | undefined {
  const view = views.get(subject);
  return view && { id, event: view.event, ...view.show(payload), happenedAt: storedAt };
}

/** What says that something is to be deleted is reported also of users who are erased. */
export const TELLS_OF_DELETION: readonly WebhookEventType[] = ['account_deleted', 'post_deleted'];
