import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { accountRpc, type Erasure } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ErasuresService } from './erasures.service.js';

@Controller()
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  @Handle(accountRpc.delete)
  delete(input: Parsed<typeof accountRpc.delete>, { idempotencyKey }: Envelope): Promise<Erasure> {
    return this.erasures.delete(input, idempotencyKey);
  }

  @Handle(accountRpc.erasure)
  erasure(input: Parsed<typeof accountRpc.erasure>): Promise<Erasure | null> {
    return this.erasures.erasure(input);
  }

  @Handle(accountRpc.erasureDone)
  done(input: Parsed<typeof accountRpc.erasureDone>): Promise<Output<typeof accountRpc.erasureDone>> {
    return this.erasures.done(input);
  }
}
