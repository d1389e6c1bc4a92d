import type { Bus } from '@fowergram/messaging';
import { mediaOperatorRpc } from '@fowergram/contracts-media';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { userOperatorRpc } from '@fowergram/contracts-user';
import { type Command, UsageError } from './command.js';

interface Span {
  since: string;
  until: string;
}

export const events: Command[] = [
  {
    usage: 'events republish <since>',
    about: 'has all services publish their events since a time again: after NATS has lost its streams (docs/backup.md)',
    plan: ({ operation: { bus } }, { words }) => {
      const time = new Date(words[0]!);
      if (Number.isNaN(time.getTime())) throw new UsageError(`"${words[0]}" is no time, such as 2026-12-01T03:00:00Z.`);
      const span = { since: time.toISOString(), until: new Date().toISOString() };
      return Promise.resolve({
        subject: span.since,
        says: `have user, post and media publish again what they published since ${span.since}`,
        act: () => republishAll(bus, span),
      });
    },
  },
];

/** What is published again counts as published now, so no batch comes twice. */
async function republishAll(bus: Bus, span: Span): Promise<{ events: number }> {
  const batches = [
    () => bus.call(userOperatorRpc.republishSpan, span),
    () => bus.call(postOperatorRpc.republishSpan, span),
    () => bus.call(mediaOperatorRpc.republishSpan, span),
  ];
  let events = 0;
  for (const next of batches)
    for (let batch = await next(); batch.events > 0; batch = await next()) events += batch.events;
  return { events };
}
