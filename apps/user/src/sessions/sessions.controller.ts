import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { sessionRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Handle(sessionRpc.revoke)
  revoke(input: Parsed<typeof sessionRpc.revoke>): Promise<Output<typeof sessionRpc.revoke>> {
    return this.sessions.revoke(input);
  }

  @Handle(sessionRpc.revoked)
  revoked(input: Parsed<typeof sessionRpc.revoked>): Promise<Output<typeof sessionRpc.revoked>> {
    return this.sessions.revoked(input);
  }

  @Handle(sessionRpc.passwordChanged)
  passwordChanged(
    input: Parsed<typeof sessionRpc.passwordChanged>,
  ): Promise<Output<typeof sessionRpc.passwordChanged>> {
    return this.sessions.passwordChanged(input);
  }
}
