import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Notification, notificationRpc } from '@fowergram/contracts-notification';
import { type Envelope, Handle } from '@fowergram/messaging';
import { NotificationListsService } from './notification-lists.service.js';

@Controller()
export class NotificationsController {
  constructor(private readonly lists: NotificationListsService) {}

  @Handle(notificationRpc.list)
  list(input: Parsed<typeof notificationRpc.list>): Promise<Page<Notification>> {
    return this.lists.list(input);
  }

  @Handle(notificationRpc.since)
  since(input: Parsed<typeof notificationRpc.since>): Promise<Output<typeof notificationRpc.since>> {
    return this.lists.since(input);
  }

  @Handle(notificationRpc.byIds)
  byIds(input: Parsed<typeof notificationRpc.byIds>): Promise<Notification[]> {
    return this.lists.byIds(input);
  }

  @Handle(notificationRpc.unreadCount)
  unreadCount(input: Parsed<typeof notificationRpc.unreadCount>): Promise<{ count: number }> {
    return this.lists.unreadCount(input);
  }

  @Handle(notificationRpc.markRead)
  markRead(
    input: Parsed<typeof notificationRpc.markRead>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof notificationRpc.markRead>> {
    return this.lists.markRead(input, idempotencyKey);
  }
}
