import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { SignInsService } from './sign-ins.service.js';

@Controller()
export class SignInsController {
  constructor(private readonly signIns: SignInsService) {}

  @Handle(signInRpc.record)
  record(input: Parsed<typeof signInRpc.record>): Promise<Output<typeof signInRpc.record>> {
    return this.signIns.record(input);
  }

  @Handle(signInRpc.touch)
  touch(input: Parsed<typeof signInRpc.touch>): Promise<Output<typeof signInRpc.touch>> {
    return this.signIns.touch(input);
  }

  @Handle(signInRpc.list)
  list(input: Parsed<typeof signInRpc.list>): Promise<Page<SignIn>> {
    return this.signIns.list(input);
  }

  @Handle(signInRpc.bySessions)
  bySessions(input: Parsed<typeof signInRpc.bySessions>): Promise<SignIn[]> {
    return this.signIns.bySessions(input);
  }
}
