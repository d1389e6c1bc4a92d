import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_LIFE_MS } from '@fowergram/contracts-user';
import { Every } from '@fowergram/service-kit';
import { SessionsRepository } from './sessions.repository.js';

const PURGE_INTERVAL_MS = 10 * 60 * 1_000;
/** Twice as long as a token is good, so that clocks that differ a little let nothing through. */
const REVOCATIONS_MS = 2 * ACCESS_TOKEN_LIFE_MS;
/** Longer than any sign-in is under way. */
const PASSWORD_CHANGES_MS = 10 * 60 * 1_000;
const BATCH_SIZE = 1_000;

/** Purges revocations that end nothing any more. */
@Injectable()
export class SessionRetentionService {
  constructor(private readonly sessions: SessionsRepository) {}

  /** Removes batches until nothing old is left; several replicas may do so at once. */
  @Every(PURGE_INTERVAL_MS, 'purge old session revocations')
  async purge(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.sessions.removeRevocations(REVOCATIONS_MS, BATCH_SIZE)) === BATCH_SIZE);
    while (
      !signal?.aborted &&
      (await this.sessions.removePasswordChanges(PASSWORD_CHANGES_MS, BATCH_SIZE)) === BATCH_SIZE
    );
  }
}
