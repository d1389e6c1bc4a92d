import { Controller } from '@nestjs/common';
import type { Parsed, Payload } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, Handle, On } from '@fowergram/messaging';
import { VisibilityService } from './visibility.service.js';

@Controller()
export class VisibilityController {
  constructor(private readonly visibility: VisibilityService) {}

  @Handle(notificationRpc.applyVisibility)
  apply(changes: Parsed<typeof notificationRpc.applyVisibility>): Promise<Record<string, never>> {
    return this.visibility.apply(changes);
  }

  @On(userEvent.accountChanged)
  accountChanged(account: Payload<typeof userEvent.accountChanged>, context: EventContext): Promise<void> {
    return this.visibility.followAccount(account, context);
  }

  @On(userEvent.relationChanged)
  relationChanged(relation: Payload<typeof userEvent.relationChanged>, context: EventContext): Promise<void> {
    return this.visibility.followRelation(relation, context);
  }

  @On(userEvent.mutedWordsChanged)
  mutedWordsChanged(words: Payload<typeof userEvent.mutedWordsChanged>, context: EventContext): Promise<void> {
    return this.visibility.followMutedWords(words, context);
  }
}
