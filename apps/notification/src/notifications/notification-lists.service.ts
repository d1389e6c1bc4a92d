import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeSequence,
  encodeSequence,
  notFound,
  type Output,
  type Page,
  type Parsed,
  readingOf,
  toPageOf,
  toPageUpTo,
} from '@fowergram/contracts-core';
import { type Notification, notificationRpc } from '@fowergram/contracts-notification';
import { Database, readStretches } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { NotificationListsRepository } from './notification-lists.repository.js';
import { toEdge, toNotification } from './notification-rows.repository.js';

/** What no number in a sequence comes before, and none after. */
const ENDS = { first: Number.MAX_SAFE_INTEGER, last: 0 };

type Since = typeof notificationRpc.since;
type MarkRead = typeof notificationRpc.markRead;

@Injectable()
export class NotificationListsService {
  constructor(
    private readonly db: Database,
    private readonly lists: NotificationListsRepository,
  ) {}

  async list({ recipientId, ...page }: Parsed<typeof notificationRpc.list>): Promise<Page<Notification>> {
    const reading = readingOf(page, decodeSequence, ENDS);
    const { rows, end } = await readStretches(
      reading,
      (next) => this.lists.list(recipientId, next),
      ({ sequence }) => sequence,
    );
    return toPageOf(rows, reading, toEdge, end && encodeSequence(end.sequence));
  }

  /** Without a cursor there is nothing to resume: the answer is where to start from. */
  async since({ recipientId, after, limit }: Parsed<Since>): Promise<Output<Since>> {
    const cursor = after === null ? undefined : decodeSequence(after);
    const { head, purgedThrough, rows, end } = await this.lists.since(
      recipientId,
      cursor ?? 0,
      cursor === undefined ? 0 : limit + 1,
    );
    if (cursor !== undefined && cursor > head) throw gap('This cursor was never given out.');
    if (cursor !== undefined && cursor < purgedThrough) throw gap('What came after this cursor is no longer stored.');
    const page = toPageUpTo(rows.map(toEdge), limit, end && encodeSequence(end.sequence));
    return { edges: page.edges, hasMore: page.hasNextPage, next: page.next, head: encodeSequence(head) };
  }

  async byIds({ recipientId, ids }: Parsed<typeof notificationRpc.byIds>): Promise<Notification[]> {
    return (await this.lists.byIds(recipientId, ids)).map(toNotification);
  }

  async unreadCount({ recipientId }: Parsed<typeof notificationRpc.unreadCount>): Promise<{ count: number }> {
    return { count: await this.lists.unreadCount(recipientId) };
  }

  markRead(input: Parsed<MarkRead>, idempotencyKey: string | undefined): Promise<Output<MarkRead>> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, notificationRpc.markRead, input, async () => {
        const unreadCount = await this.lists.markRead(tx, input.recipientId, input.upToId);
        if (unreadCount === undefined) throw notFound('notification', ['upToId']);
        return { unreadCount };
      }),
    );
  }
}

const gap = (why: string): AppError =>
  new AppError('GAP', `${why} Fetch the list, and subscribe without a cursor.`, {
    path: ['after'],
    reason: 'CURSOR_EXPIRED',
  });
