import { Inject, Injectable } from '@nestjs/common';
import { RedisClient } from '@fowergram/redis';
import { type Logger, LOGGER } from '@fowergram/service-kit';

/** Longer than any sign-in is under way. */
const TTL_MS = 60_000;

/**
 * When passwords were changed lately. A sign-in by the former one that is under way meanwhile makes a session that a change, which
 * ends the sessions that it finds, does not find.
 */
@Injectable()
export class PasswordChangesCache {
  constructor(
    private readonly redis: RedisClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Called after the change and before sessions are ended; never fails, since the change has happened. */
  async note(userId: string): Promise<void> {
    await this.redis.client
      .set(keyOf(userId), Date.now(), 'PX', TTL_MS)
      .catch((error: unknown) => this.log.warn({ err: error, userId }, 'change of a password not noted'));
  }

  /** Whether the password that was shown at this time may be the former one. */
  async isSince(userId: string, shownAt: number): Promise<boolean> {
    const changedAt = await this.redis.client.get(keyOf(userId));
    return changedAt !== null && Number(changedAt) >= shownAt;
  }
}

const keyOf = (userId: string): string => `password-changed:${userId}`;
