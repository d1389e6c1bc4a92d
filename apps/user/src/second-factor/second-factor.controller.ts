import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { secondFactorRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { SecondFactorService } from './second-factor.service.js';

/** None of these takes an idempotency key: a code is accepted once anyway, and no answer with a secret is stored. */
@Controller()
export class SecondFactorController {
  constructor(private readonly secondFactor: SecondFactorService) {}

  @Handle(secondFactorRpc.start)
  start(input: Parsed<typeof secondFactorRpc.start>): Promise<Output<typeof secondFactorRpc.start>> {
    return this.secondFactor.start(input);
  }

  @Handle(secondFactorRpc.confirm)
  confirm(input: Parsed<typeof secondFactorRpc.confirm>): Promise<Output<typeof secondFactorRpc.confirm>> {
    return this.secondFactor.confirm(input);
  }

  @Handle(secondFactorRpc.check)
  check(input: Parsed<typeof secondFactorRpc.check>): Promise<Output<typeof secondFactorRpc.check>> {
    return this.secondFactor.check(input);
  }

  @Handle(secondFactorRpc.renewRecoveryCodes)
  renewRecoveryCodes(
    input: Parsed<typeof secondFactorRpc.renewRecoveryCodes>,
  ): Promise<Output<typeof secondFactorRpc.renewRecoveryCodes>> {
    return this.secondFactor.renewRecoveryCodes(input);
  }

  @Handle(secondFactorRpc.remove)
  remove(input: Parsed<typeof secondFactorRpc.remove>): Promise<Output<typeof secondFactorRpc.remove>> {
    return this.secondFactor.remove(input);
  }
}
