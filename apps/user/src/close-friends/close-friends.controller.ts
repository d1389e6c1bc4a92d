import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CloseFriendsService } from './close-friends.service.js';

@Controller()
export class CloseFriendsController {
  constructor(private readonly friends: CloseFriendsService) {}

  @Handle(relationshipRpc.addCloseFriend)
  add(input: Parsed<typeof relationshipRpc.addCloseFriend>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.friends.add(input, idempotencyKey);
  }

  @Handle(relationshipRpc.removeCloseFriend)
  remove(input: Parsed<typeof relationshipRpc.removeCloseFriend>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.friends.remove(input, idempotencyKey);
  }

  @Handle(relationshipRpc.closeFriends)
  list(input: Parsed<typeof relationshipRpc.closeFriends>): Promise<Page<string>> {
    return this.friends.list(input);
  }
}
