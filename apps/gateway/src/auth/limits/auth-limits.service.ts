import { Inject, Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { counter, type Logger, LOGGER } from '@fowergram/service-kit';
import { REDIS_TIMEOUT_MS } from '../redis.config.js';
import { signInUnavailable } from '../supertokens/core.js';
import { AttemptsCache } from './attempts.cache.js';
import { accountKey } from './keys.rules.js';
import { type Action, type ActionName, actions, isGivenBack, type Limit, type Outcome } from './limits.rules.js';

/** Who tries something: the account as it was typed (or an id), and the key of the address. */
export interface Who {
  account?: string | undefined;
  address?: string | undefined;
}
/** The points that an attempt holds until its outcome is known. */
export type Held = { limit: Limit; key: string }[];

/** Limits how often something may be tried. Points are taken before the attempt, so that guesses in parallel do not slip through. */
@Injectable()
export class AuthLimitsService {
  private readonly refused;

  constructor(
    private readonly attempts: AttemptsCache,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.refused = counter(metrics, 'auth_limited_total', 'Attempts that an abuse limit refused, by limit.', ['limit']);
    for (const { limits } of Object.values(actions))
      for (const limit of limits) this.refused.inc({ limit: limit.name }, 0);
  }

  /** Takes a point of each limit; throws RATE_LIMITED where there is none, and UNAVAILABLE where nobody can tell. */
  async take(name: ActionName, who: Who): Promise<Held> {
    try {
      return await this.takeEach(await this.limitsFor(actions[name], who), who);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.log.warn({ err: error, action: name }, 'attempt refused, the limits are out of reach');
      throw signInUnavailable(error);
    }
  }

  /** Gives back what the outcome does not count for; never fails, since what it follows has happened. */
  async release(held: Held, outcome: Outcome): Promise<void> {
    const back = held.filter(({ limit }) => isGivenBack(limit, outcome));
    await Promise.all(back.map(({ limit, key }) => this.attempts.giveBack(limit, key))).catch((error: unknown) =>
      this.log.warn({ err: error }, 'points not given back'),
    );
  }

  /** Does `work`, which answers whether the credential was right, as an attempt on an account. */
  async attempt(name: ActionName, account: string, work: () => Promise<boolean>): Promise<boolean> {
    const held = await this.take(name, { account });
    let outcome: Outcome = 'untried';
    try {
      const isRight = await work();
      outcome = isRight ? 'success' : 'failure';
      return isRight;
    } finally {
      await this.release(held, outcome);
    }
  }

  /** Notes that the account's owner was at this address: for 30 days nobody elsewhere can lock them out there. */
  async remember(account: string, address: string): Promise<void> {
    await this.attempts
      .remember(account, address)
      .catch((error: unknown) => this.log.warn({ err: error }, 'address of an account not noted'));
  }

  private async limitsFor({ limits }: Action, { account, address }: Who): Promise<Limit[]> {
    if (account === undefined || address === undefined || !limits.some((limit) => limit.sparesKnown)) return limits;
    return (await this.attempts.isKnown(account, address)) ? limits.filter((limit) => !limit.sparesKnown) : limits;
  }

  private async takeEach(limits: Limit[], who: Who): Promise<Held> {
    const startedAt = performance.now();
    const held: Held = [];
    for (const limit of limits) {
      const key = keyOf(limit, who);
      if (key === undefined) continue;
      if (performance.now() - startedAt > REDIS_TIMEOUT_MS) throw new Error('Redis is too slow.');
      const waitMs = await this.attempts.take(limit, key);
      if (waitMs > 0) throw await this.rateLimitedError(limit, waitMs, held);
      held.push({ limit, key });
    }
    return held;
  }

  /** What was refused did not happen: an address that is over its limit uses up no points of its victims. */
  private async rateLimitedError(limit: Limit, waitMs: number, held: Held): Promise<AppError> {
    this.refused.inc({ limit: limit.name });
    await this.release(held, 'untried');
    return new AppError('RATE_LIMITED', 'Too many attempts. Please wait before you try again.', {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    });
  }
}

function keyOf({ per }: Limit, { account, address }: Who): string | undefined {
  if (per === 'address') return address;
  if (account === undefined) return undefined;
  if (per === 'account') return accountKey(account);
  return address === undefined ? undefined : `${accountKey(account)}:${address}`;
}
