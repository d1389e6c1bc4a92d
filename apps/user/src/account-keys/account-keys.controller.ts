import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { accountKeyRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { AccountKeysService } from './account-keys.service.js';

@Controller()
export class AccountKeysController {
  constructor(private readonly keys: AccountKeysService) {}

  @Handle(accountKeyRpc.claim)
  claim(input: Parsed<typeof accountKeyRpc.claim>): Promise<Output<typeof accountKeyRpc.claim>> {
    return this.keys.claim(input);
  }

  @Handle(accountKeyRpc.complete)
  complete(input: Parsed<typeof accountKeyRpc.complete>): Promise<Record<string, never>> {
    return this.keys.complete(input);
  }
}
