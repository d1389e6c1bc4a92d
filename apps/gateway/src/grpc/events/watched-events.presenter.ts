import { type EventContent, type EventMessage, timestampOf } from '@fowergram/contracts-grpc';
import { reportedEvent } from '@fowergram/contracts-notification';
import { type LoggedEvent, logged } from '@fowergram/messaging';

const views = new Map(
  Object.entries(reportedEvent).map(([name, { contract, report }]) => {
    const { subject, show } = logged(contract, (payload) => report(payload).data);
    return [subject, { name, show }];
  }),
);

/** An event of the log as it is sent; undefined for one that is not for others, or not of these kinds. */
export function presentEvent(event: LoggedEvent, kinds: ReadonlySet<string>): EventMessage | undefined {
  const view = views.get(event.subject);
  if (!view) return undefined;
  const kind = `EVENT_KIND_${view.name.toUpperCase()}`;
  if (kinds.size > 0 && !kinds.has(kind)) return undefined;
  // What the names and the fields are is compared with the .proto file by reported-events.spec.ts of the notification service.
  const content = { [camelCase(view.name)]: messageOf(view.show(event.payload)) } as EventContent;
  return { ...content, id: event.id, kind, storeTime: timestampOf(event.storedAt.getTime()) };
}

/** Times and states as messages have them. */
const messageOf = ({ createTime, state, ...data }: Record<string, unknown>): object => ({
  ...data,
  ...(typeof createTime === 'string' && { createTime: timestampOf(Date.parse(createTime)) }),
  ...(typeof state === 'string' && { state: `POST_STATE_${state}` }),
});

/** postPublished for post_published. */
const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
