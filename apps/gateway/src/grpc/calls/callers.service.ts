import type { Metadata } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import type { ServiceCaller } from '@fowergram/contracts-user';
import { addressKey } from '../../auth/limits/keys.rules.js';
import { bearerToken } from '../../auth/sessions/tokens.rules.js';
import type { Requester } from '../../limits/counted-limits.js';
import { RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import { isUnknownKey, ServiceKeysService } from '../../service-accounts/service-keys.service.js';

/** Who calls: the service account whose key a call brings, and what limits count it by. */
@Injectable()
export class CallersService {
  private readonly requesters = new WeakMap<Metadata, Requester>();

  constructor(
    private readonly keys: ServiceKeysService,
    private readonly limits: RateLimitsService,
  ) {}

  /** Finds out whose call it is; throws UNAUTHENTICATED. Where too many keys were guessed from the address, none is looked at. */
  async identify(metadata: Metadata, peer: string): Promise<ServiceCaller> {
    const address = addressKey({ ip: peer });
    const caller = await this.look(metadata, address);
    this.requesters.set(metadata, { userId: caller.id, address });
    return caller;
  }

  /** Whom limits count for a call that the guard has let in. */
  requesterOf(metadata: Metadata): Requester {
    return this.requesters.get(metadata)!;
  }

  private async look(metadata: Metadata, address: string): Promise<ServiceCaller> {
    const key = keyOf(metadata);
    requireAdmission(this.limits.checkBadTokens(address));
    try {
      return await this.keys.callerOf(key);
    } catch (error) {
      if (isUnknownKey(error)) requireAdmission(this.limits.admitBadToken(address));
      throw error;
    }
  }
}

/** Of two keys somebody on the way may have looked at the other one: nobody is served on a guess. */
function keyOf(metadata: Metadata): string {
  const [authorization, ...others] = metadata.get('authorization');
  const key = others.length === 0 ? bearerToken(authorization) : undefined;
  if (key !== undefined) return key;
  throw new AppError('UNAUTHENTICATED', 'Send one `authorization: Bearer fgk_…` with the key of a service account.');
}
