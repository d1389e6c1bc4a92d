import { notifications } from '@fowergram/client/operations';
import type { Actor } from './actors.js';

const PAGE = 50;
const MOST_COMPARED = 500;

/** Somebody whose app is open: what the socket brought is compared with the list at the end. */
export class Listener {
  private readonly received = new Set<string>();
  private readonly cursors = new Set<string>();
  private readonly stop = new AbortController();
  /** Notifications of earlier runs. */
  private readonly earlier = new Set<string>();
  private running: Promise<void> = Promise.resolve();
  failure: unknown;
  /** Events that came more than once. */
  repeated = 0;

  constructor(readonly actor: Actor) {}

  /** Answers once the place in the list is known from which on nothing may be missing. */
  async start(): Promise<void> {
    let newest: string | undefined;
    for await (const { cursor, node } of this.newest()) {
      newest ??= cursor;
      this.earlier.add(node.id);
    }
    this.running = this.listen(newest).catch((error: unknown) => {
      if (!this.stop.signal.aborted) this.failure = error;
    });
  }

  private async listen(after: string | undefined): Promise<void> {
    const options = { signal: this.stop.signal, ...(after !== undefined && { after }) };
    for await (const event of this.actor.client.notifications(options)) {
      if (event.kind === 'NEW' && this.cursors.has(event.cursor)) this.repeated += 1;
      if (event.kind === 'NEW') this.cursors.add(event.cursor);
      const cards = event.kind === 'NEW' ? [event.notification] : event.notifications;
      for (const { id } of cards) this.received.add(id);
    }
  }

  /** How many notifications of this run the list has and the socket has not brought. */
  async missing(): Promise<number> {
    let missing = 0;
    for await (const { node } of this.newest())
      if (!this.earlier.has(node.id) && !this.received.has(node.id)) missing += 1;
    return missing;
  }

  private async *newest() {
    const pages = this.actor.client.pages(notifications, { first: PAGE }, (data) => data.notifications);
    let left = MOST_COMPARED;
    for await (const { edges } of pages) {
      yield* edges;
      if ((left -= edges.length) <= 0) return;
    }
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.running;
  }
}
