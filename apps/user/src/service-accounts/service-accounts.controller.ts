import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type ServiceAccount, serviceAccountRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ServiceAccountsService } from './service-accounts.service.js';

@Controller()
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccountsService) {}

  @Handle(serviceAccountRpc.verify)
  verify({ keyHash }: Parsed<typeof serviceAccountRpc.verify>): Promise<Output<typeof serviceAccountRpc.verify>> {
    return this.accounts.verify(keyHash);
  }

  @Handle(serviceAccountRpc.list)
  list({ administratorId }: Parsed<typeof serviceAccountRpc.list>): Promise<ServiceAccount[]> {
    return this.accounts.list(administratorId);
  }

  @Handle(serviceAccountRpc.create)
  create(
    input: Parsed<typeof serviceAccountRpc.create>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof serviceAccountRpc.create>> {
    return this.accounts.create(input, idempotencyKey);
  }

  @Handle(serviceAccountRpc.createKey)
  createKey(
    input: Parsed<typeof serviceAccountRpc.createKey>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof serviceAccountRpc.createKey>> {
    return this.accounts.createKey(input, idempotencyKey);
  }

  @Handle(serviceAccountRpc.revokeKey)
  revokeKey(input: Parsed<typeof serviceAccountRpc.revokeKey>, { idempotencyKey }: Envelope): Promise<ServiceAccount> {
    return this.accounts.revokeKey(input, idempotencyKey);
  }

  @Handle(serviceAccountRpc.close)
  close(input: Parsed<typeof serviceAccountRpc.close>, { idempotencyKey }: Envelope): Promise<ServiceAccount> {
    return this.accounts.close(input, idempotencyKey);
  }
}
