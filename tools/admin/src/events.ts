import type { Bus, Operation } from '@fowergram/messaging';
import type { PublishedEvents } from '@fowergram/contracts-core';
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
export async function republishAll(bus: Bus, span: Span): Promise<{ events: number }> {
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

/** A span that outboxes have published in and of which the stream holds nothing. */
export interface Gap extends Span {
  events: number;
}

/** As long as outboxes keep what they have published, and the stream what it was given. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;
/** A row says when its publishing began, the stream when the event was stored, and their clocks differ a little. */
const SLACK_MS = 10_000;

/**
 * What the stream lacks before its first message and after its last one: it was lost, or is older than the outboxes. What is within the
 * slack proves nothing, and is published again with the rest.
 */
export async function gapsOf(
  operation: Operation,
  publishedWithin: (span: Span) => Promise<PublishedEvents[]>,
): Promise<Gap[]> {
  const count = async (span: Span) => (await publishedWithin(span)).reduce((sum, { events: some }) => sum + some, 0);
  const now = Date.now();
  const [stream] = await operation.streams();
  const [first, last] = [timeOf(stream?.from) ?? now, timeOf(stream?.to)];
  const before = { proof: spanOf(now - KEPT_MS, first - SLACK_MS), whole: spanOf(now - KEPT_MS, first) };
  const after =
    last === undefined ? [] : [{ proof: spanOf(last + SLACK_MS, now), whole: spanOf(last - SLACK_MS, now) }];
  const gaps: Gap[] = [];
  for (const { proof, whole } of [before, ...after])
    if ((await count(proof)) > 0) gaps.push({ ...whole, events: await count(whole) });
  return gaps;
}

const timeOf = (time: string | null | undefined): number | undefined => (time ? Date.parse(time) : undefined);

const spanOf = (since: number, until: number): Span => ({
  since: new Date(since).toISOString(),
  until: new Date(Math.max(since, until)).toISOString(),
});
