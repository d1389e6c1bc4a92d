import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ErasingService } from './erasing.service.js';

@Controller()
export class ErasingController {
  constructor(private readonly erasing: ErasingService) {}

  @Handle(mediaRpc.eraseOwned)
  eraseOwned(
    { ownerId }: Parsed<typeof mediaRpc.eraseOwned>,
    { deadlineAt }: Envelope,
  ): Promise<Output<typeof mediaRpc.eraseOwned>> {
    return this.erasing.eraseOwned(ownerId, deadlineAt);
  }
}
