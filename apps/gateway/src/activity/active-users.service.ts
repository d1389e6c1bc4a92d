import { Injectable } from '@nestjs/common';
import { type Gauge, Registry } from 'prom-client';
import { Every, gauge } from '@fowergram/service-kit';
import { ActiveUsersCache } from './active-users.cache.js';

const COUNT_INTERVAL_MS = 30_000;
/** Whoever comes beyond is counted in the next turn, unless that was the only operation of the day. */
const MAX_HELD = 10_000;

/** Counts the users of whom any gateway has served an operation today, by UTC. */
@Injectable()
export class ActiveUsersService {
  private readonly seen = new Set<string>();
  private readonly today: Gauge<never>;

  constructor(
    private readonly cache: ActiveUsersCache,
    metrics: Registry,
  ) {
    this.today = gauge(metrics, 'active_users_today', 'Distinct users of the day, estimated, of all gateways.');
  }

  /** Notes that a user has done something. */
  note(userId: string): void {
    if (this.seen.size < MAX_HELD) this.seen.add(userId);
  }

  @Every(COUNT_INTERVAL_MS, 'count active users')
  async count(): Promise<void> {
    const userIds = [...this.seen];
    this.today.set(await this.cache.add(new Date().toISOString().slice(0, 10), userIds));
    for (const userId of userIds) this.seen.delete(userId);
  }
}
