import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type Account, accountRpc, type AccountState } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { AccountsService } from './accounts.service.js';
import { ModerationService } from './moderation.service.js';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly moderation: ModerationService,
  ) {}

  @Handle(accountRpc.state)
  state({ userId }: Parsed<typeof accountRpc.state>): Promise<AccountState> {
    return this.accounts.state(userId);
  }

  @Handle(accountRpc.denylist)
  denylist(input: Parsed<typeof accountRpc.denylist>): Promise<Output<typeof accountRpc.denylist>> {
    return this.accounts.denylist(input);
  }

  @Handle(accountRpc.account)
  account(input: Parsed<typeof accountRpc.account>): Promise<Account> {
    return this.moderation.account(input);
  }

  @Handle(accountRpc.setRole)
  setRole(input: Parsed<typeof accountRpc.setRole>, { idempotencyKey }: Envelope): Promise<Account> {
    return this.moderation.setRole(input, idempotencyKey);
  }

  @Handle(accountRpc.suspend)
  suspend(input: Parsed<typeof accountRpc.suspend>, { idempotencyKey }: Envelope): Promise<Account> {
    return this.moderation.suspend(input, idempotencyKey);
  }

  @Handle(accountRpc.ban)
  ban(input: Parsed<typeof accountRpc.ban>, { idempotencyKey }: Envelope): Promise<Account> {
    return this.moderation.ban(input, idempotencyKey);
  }

  @Handle(accountRpc.reinstate)
  reinstate(input: Parsed<typeof accountRpc.reinstate>, { idempotencyKey }: Envelope): Promise<Account> {
    return this.moderation.reinstate(input, idempotencyKey);
  }

  @Handle(accountRpc.deactivate)
  deactivate({ userId }: Parsed<typeof accountRpc.deactivate>, { idempotencyKey }: Envelope): Promise<AccountState> {
    return this.accounts.deactivate(userId, idempotencyKey);
  }

  @Handle(accountRpc.reactivate)
  reactivate({ userId }: Parsed<typeof accountRpc.reactivate>, { idempotencyKey }: Envelope): Promise<AccountState> {
    return this.accounts.reactivate(userId, idempotencyKey);
  }
}
