import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { MutesService } from './mutes.service.js';

@Controller()
export class MutesController {
  constructor(private readonly mutes: MutesService) {}

  @Handle(relationshipRpc.mute)
  mute(input: Parsed<typeof relationshipRpc.mute>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.mutes.mute(input, idempotencyKey);
  }

  @Handle(relationshipRpc.unmute)
  unmute(input: Parsed<typeof relationshipRpc.unmute>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.mutes.unmute(input, idempotencyKey);
  }

  @Handle(relationshipRpc.muted)
  list(input: Parsed<typeof relationshipRpc.muted>): Promise<Page<string>> {
    return this.mutes.list(input);
  }
}
