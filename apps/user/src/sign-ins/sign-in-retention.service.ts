import { Injectable } from '@nestjs/common';
import { Every } from '@fowergram/service-kit';
import { SignInsRepository } from './sign-ins.repository.js';

const PURGE_INTERVAL_MS = 60 * 60 * 1_000;
const RETENTION_DAYS = 180;
const BATCH_SIZE = 1_000;

/** Purges sign-ins whose session was not used for 180 days. */
@Injectable()
export class SignInRetentionService {
  constructor(private readonly signIns: SignInsRepository) {}

  /** Removes batches until nothing old is left; several replicas may do so at once. */
  @Every(PURGE_INTERVAL_MS, 'purge old sign-ins')
  async purge(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.signIns.removeOlderThan(RETENTION_DAYS, BATCH_SIZE)) === BATCH_SIZE);
  }
}
