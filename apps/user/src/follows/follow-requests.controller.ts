import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { FollowRequestsService } from './follow-requests.service.js';

@Controller()
export class FollowRequestsController {
  constructor(private readonly requests: FollowRequestsService) {}

  @Handle(relationshipRpc.acceptRequest)
  accept(input: Parsed<typeof relationshipRpc.acceptRequest>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.requests.accept(input, idempotencyKey);
  }

  @Handle(relationshipRpc.rejectRequest)
  reject(input: Parsed<typeof relationshipRpc.rejectRequest>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.requests.reject(input, idempotencyKey);
  }

  @Handle(relationshipRpc.requests)
  received(input: Parsed<typeof relationshipRpc.requests>): Promise<Page<string>> {
    return this.requests.received(input);
  }

  @Handle(relationshipRpc.sentRequests)
  sent(input: Parsed<typeof relationshipRpc.sentRequests>): Promise<Page<string>> {
    return this.requests.sent(input);
  }
}
