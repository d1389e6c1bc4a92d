import { Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { accountKeyRpc } from '@fowergram/contracts-user';
import { keyInFlight, keyReused } from '@fowergram/idempotency';
import { AccountKeysRepository } from './account-keys.repository.js';

/** Longer than any mutation has time for; whose gateway has died may be done again then. */
const CLAIM_SECONDS = 15;

/** Remembers what mutations were answered whose effect is elsewhere. */
@Injectable()
export class AccountKeysService {
  constructor(private readonly keys: AccountKeysRepository) {}

  async claim({
    userId,
    key,
    requestHash,
  }: Parsed<typeof accountKeyRpc.claim>): Promise<Output<typeof accountKeyRpc.claim>> {
    if (await this.keys.claim(userId, key, requestHash, CLAIM_SECONDS)) return { answer: null };
    const stored = await this.keys.find(key);
    if (stored && stored.requestHash !== requestHash) throw keyReused();
    // Without a row it was released just now, or the user is erased.
    if (!stored?.answer) throw keyInFlight();
    return { answer: stored.answer };
  }

  async complete({ key, answer }: Parsed<typeof accountKeyRpc.complete>): Promise<Record<string, never>> {
    await (answer === null ? this.keys.release(key) : this.keys.store(key, answer));
    return {};
  }
}
