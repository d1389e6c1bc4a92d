import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { getUserMetadata, updateUserMetadata } from 'supertokens-node/recipe/usermetadata';
import { AppError } from '@fowergram/contracts-core';
import { userRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';

const KNOWN_USERS = 200_000;
/** How long requests of a user go on without another try after the user service did not answer. */
const RETRY_AFTER_MS = 2_000;
const MAX_NAME_LENGTH = 30;
/** How many digits are put behind a name that is taken, try by try. */
const DIGITS = [0, 4, 4, 5, 6, 6];

/** Sees to it that every account has a profile, also when the user service was away at the sign-up. */
@Injectable()
export class ProfilesService {
  private readonly known = new LRUCache<string, true>({ max: KNOWN_USERS });
  private readonly waiting = new LRUCache<string, true>({ max: KNOWN_USERS, ttl: RETRY_AFTER_MS });
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws UNAVAILABLE when nobody can tell now: an account whose name turns out to be taken would have to go again. */
  async isTaken(username: string): Promise<boolean> {
    try {
      return (await this.bus.call(userRpc.profileByUsername, { username })) !== null;
    } catch (error) {
      throw new AppError(
        'UNAVAILABLE',
        'Signing up does not work at the moment. Please try again.',
        {},
        { cause: error },
      );
    }
  }

  /** Makes the profile of a new account; throws CONFLICT when somebody was faster. Where it cannot be made now, the wish is kept. */
  async create(userId: string, username: string): Promise<void> {
    const wish = updateUserMetadata(userId, { username }).catch((error: unknown) =>
      this.log.error({ err: error, userId }, 'wished username not kept'),
    );
    try {
      await this.bus.call(userRpc.createProfile, { userId, username });
      this.known.set(userId, true);
    } catch (error) {
      if (error instanceof AppError && (error.code === 'CONFLICT' || error.code === 'BAD_USER_INPUT')) throw error;
      this.log.warn({ err: error, userId }, 'profile not made, it will be at the first signed-in request');
    } finally {
      await wish;
    }
  }

  /** Costs nothing for a user who is known to have a profile; never fails, since much of the API works without. */
  ensure(userId: string): Promise<void> | undefined {
    if (this.known.has(userId) || this.waiting.has(userId)) return undefined;
    let work = this.underWay.get(userId);
    if (!work) {
      work = this.findOrMake(userId).finally(() => this.underWay.delete(userId));
      this.underWay.set(userId, work);
    }
    return work;
  }

  private async findOrMake(userId: string): Promise<void> {
    try {
      const found = await this.bus.call(userRpc.profilesByIds, { ids: [userId] });
      if (found.length === 0) await this.makeUp(userId);
      this.known.set(userId, true);
    } catch (error) {
      this.waiting.set(userId, true);
      this.log.warn({ err: error, userId }, 'profile not made yet');
    }
  }

  private async makeUp(userId: string): Promise<void> {
    const { metadata } = (await getUserMetadata(userId)) as { metadata: { username?: string } };
    const wish = metadata.username ?? `user_${randomDigits(8)}`;
    for (const digits of DIGITS) {
      const username = digits === 0 ? wish : `${wish.slice(0, MAX_NAME_LENGTH - digits - 1)}_${randomDigits(digits)}`;
      try {
        await this.bus.call(userRpc.createProfile, { userId, username });
        return this.log.info({ userId, username }, 'profile made after the sign-up');
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
      }
    }
    throw new Error('No free username was found.');
  }
}

const randomDigits = (count: number): string => String(randomInt(10 ** (count - 1), 10 ** count));
