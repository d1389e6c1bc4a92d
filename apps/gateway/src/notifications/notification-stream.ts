import { decodeSequence, encodeSequence, type Output, type Payload } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import type { Bus } from '@fowergram/messaging';
import type { SignalsService } from '../realtime/signals.service.js';
import { type Batch, LiveStream } from '../realtime/live-stream.js';
import { notePushTrace } from '../realtime/push-traces.js';

const PAGE = 200;

/**
 * The notifications of one user from a cursor on, each once and in order, without end. The pushes are listened to before the
 * rows are read, so nothing falls between; the number in the cursor tells what has been seen and what has been missed.
 */
export async function openNotificationStream(
  shared: { bus: Bus; signals: SignalsService },
  recipientId: string,
  after: string | null,
): Promise<LiveStream<NotificationEdge>> {
  const reader = new NotificationReader(shared, recipientId);
  const stream = new LiveStream<NotificationEdge>({
    read: () => reader.readOn(),
    stop: () => stop(),
    rewind: (first) => reader.rewind(first),
  });
  let hearsLess = false;
  const receive = (signal: Payload<typeof notificationPush.added>) => {
    if ('hearsLess' in signal) {
      hearsLess = true;
      return stream.reread();
    }
    const edge = signal;
    shared.signals.measureDelay(edge.node.updatedAt);
    notePushTrace(edge);
    if (stream.isCurrent && reader.isNext(edge)) stream.push(reader.take(edge));
    else if (reader.isNew(edge)) stream.invalidate();
  };
  const stop = shared.signals.listen(recipientId, notificationPush.added, receive, () => stream.invalidate());
  // What is pushed during the first read is not passed on but read afterwards.
  stream.invalidate();
  try {
    // Here and not at the first next(), so that a cursor that is not good is the answer to the subscription itself.
    if (after === null) await reader.goToHead();
    else stream.push(...(await reader.readFrom(after)).items);
    // It came while this was read.
    if (hearsLess) stream.reread();
  } catch (error) {
    stop();
    throw error;
  }
  return stream;
}

/** Knows how far its subscriber has come. */
class NotificationReader {
  /** The number of the last item passed on, or of a later one that is not shown. */
  private last = 0;

  constructor(
    private readonly shared: { bus: Bus; signals: SignalsService },
    private readonly recipientId: string,
  ) {}

  async goToHead(): Promise<void> {
    const { head } = await this.since(null, 1);
    this.last = decodeSequence(head);
  }

  async readFrom(after: string): Promise<Batch<NotificationEdge>> {
    const { edges, hasMore, next, head } = await this.since(after, PAGE);
    const from = Math.max(this.last, decodeSequence(after));
    const items = edges.filter((edge) => decodeSequence(edge.cursor) > from);
    const end = hasMore ? (next ?? items.at(-1)?.cursor) : undefined;
    // Numbers of items that were withdrawn are passed over; after the last page that is everything up to the newest.
    this.last = Math.max(from, decodeSequence(end ?? head));
    return { items, more: end !== undefined };
  }

  readOn(): Promise<Batch<NotificationEdge>> {
    return this.readFrom(encodeSequence(this.last));
  }

  private since(after: string | null, limit: number): Promise<Output<typeof notificationRpc.since>> {
    const { bus, signals } = this.shared;
    const { recipientId } = this;
    return signals.reads.read(`${recipientId} ${after} ${limit}`, () =>
      bus.call(notificationRpc.since, { recipientId, after, limit }),
    );
  }

  rewind(first: NotificationEdge): void {
    this.last = decodeSequence(first.cursor) - 1;
  }

  isNew(edge: NotificationEdge): boolean {
    return decodeSequence(edge.cursor) > this.last;
  }

  isNext(edge: NotificationEdge): boolean {
    return decodeSequence(edge.cursor) === this.last + 1;
  }

  take(edge: NotificationEdge): NotificationEdge {
    this.last = decodeSequence(edge.cursor);
    return edge;
  }
}
