import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ErasureService } from './erasure.service.js';

@Controller()
export class ErasureController {
  constructor(private readonly erasure: ErasureService) {}

  @Handle(mediaRpc.eraseOwned)
  eraseOwned(
    { ownerId }: Parsed<typeof mediaRpc.eraseOwned>,
    { deadlineAt }: Envelope,
  ): Promise<Output<typeof mediaRpc.eraseOwned>> {
    return this.erasure.eraseOwned(ownerId, deadlineAt);
  }
}
