import type { Metadata } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppError } from '@fowergram/contracts-core';
import type { ServiceCaller, ServiceScope } from '@fowergram/contracts-user';
import { addressKey } from '../../auth/limits/keys.rules.js';
import { bearerToken } from '../../auth/sessions/tokens.rules.js';
import type { Requester } from '../../limits/counted-limits.js';
import { RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import { AdmissionService } from '../../overload/admission.service.js';
import { isUnknownKey, requireScope, ServiceKeysService } from '../../service-accounts/service-keys.service.js';

/** Addresses of connections that call just now. */
const MAX_PEERS = 1_000;

/** Who calls: the service account whose key a call brings, and what limits count it by. */
@Injectable()
export class CallersService {
  private readonly requesters = new WeakMap<Metadata, Requester>();
  private readonly addresses = new LRUCache<string, string>({ max: MAX_PEERS });

  constructor(
    private readonly keys: ServiceKeysService,
    private readonly limits: RateLimitsService,
    private readonly admission: AdmissionService,
  ) {}

  /** Lets a call in as long as there is not too much to do, and its service account has the scope; throws otherwise. */
  admit(metadata: Metadata, peer: string, scope: ServiceScope): Requester | Promise<Requester> {
    // Calls are as many as their connections let through: what counts here is how late the process is.
    this.admission.enterRequest(true)();
    return this.identify(metadata, peer, scope);
  }

  /** Finds out whose call it is, at once where the key is known; throws UNAUTHENTICATED, or FORBIDDEN without the scope. */
  identify(metadata: Metadata, peer: string, scope: ServiceScope): Requester | Promise<Requester> {
    const key = keyOf(metadata);
    const address = this.addressOf(peer);
    const known = this.keys.recall(key);
    if (known) return this.note(metadata, address, known, scope);
    return this.ask(address, key).then((caller) => this.note(metadata, address, caller, scope));
  }

  /** Whom limits count for a call that was let in. */
  requesterOf(metadata: Metadata): Requester {
    return this.requesters.get(metadata)!;
  }

  private note(metadata: Metadata, address: string, caller: ServiceCaller, scope: ServiceScope): Requester {
    requireScope(caller, scope);
    const requester = { userId: caller.id, address };
    this.requesters.set(metadata, requester);
    return requester;
  }

  /** Where too many keys were guessed from the address, none is looked at. */
  private async ask(address: string, key: string): Promise<ServiceCaller> {
    requireAdmission(this.limits.checkBadTokens(address));
    try {
      return await this.keys.callerOf(key);
    } catch (error) {
      if (isUnknownKey(error)) requireAdmission(this.limits.admitBadToken(address));
      throw error;
    }
  }

  private addressOf(peer: string): string {
    let address = this.addresses.get(peer);
    if (address === undefined) this.addresses.set(peer, (address = addressKey({ ip: peer })));
    return address;
  }
}

/** Of two keys somebody on the way may have looked at the other one: nobody is served on a guess. */
function keyOf(metadata: Metadata): string {
  const [authorization, ...others] = metadata.get('authorization');
  const key = others.length === 0 ? bearerToken(authorization) : undefined;
  if (key !== undefined) return key;
  throw new AppError('UNAUTHENTICATED', 'Send one `authorization: Bearer fgk_…` with the key of a service account.');
}
