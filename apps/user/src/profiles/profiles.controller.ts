import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type Account, accountRpc, type Profile, userRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ProfilesService } from './profiles.service.js';
import { VerificationService } from './verification.service.js';

@Controller()
export class ProfilesController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly verification: VerificationService,
  ) {}

  @Handle(userRpc.createProfile)
  create(input: Parsed<typeof userRpc.createProfile>, { idempotencyKey }: Envelope): Promise<Profile> {
    return this.profiles.create(input, idempotencyKey);
  }

  @Handle(userRpc.updateProfile)
  update(
    input: Parsed<typeof userRpc.updateProfile>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof userRpc.updateProfile>> {
    return this.profiles.update(input, idempotencyKey);
  }

  @Handle(accountRpc.setVerified)
  setVerified(input: Parsed<typeof accountRpc.setVerified>, { idempotencyKey }: Envelope): Promise<Account> {
    return this.verification.setVerified(input, idempotencyKey);
  }

  @Handle(userRpc.profilesByIds)
  byIds({ ids, viewerId }: Parsed<typeof userRpc.profilesByIds>): Promise<Profile[]> {
    return this.profiles.byIds(ids, viewerId ?? null);
  }

  @Handle(userRpc.profileByUsername)
  byUsername({ username, viewerId }: Parsed<typeof userRpc.profileByUsername>): Promise<Profile | null> {
    return this.profiles.byUsername(username, viewerId ?? null);
  }
}
