import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { BlocksService } from './blocks.service.js';

@Controller()
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  @Handle(relationshipRpc.block)
  block(input: Parsed<typeof relationshipRpc.block>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.blocks.block(input, idempotencyKey);
  }

  @Handle(relationshipRpc.unblock)
  unblock(input: Parsed<typeof relationshipRpc.unblock>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.blocks.unblock(input, idempotencyKey);
  }

  @Handle(relationshipRpc.blocked)
  list(input: Parsed<typeof relationshipRpc.blocked>): Promise<Page<string>> {
    return this.blocks.list(input);
  }
}
