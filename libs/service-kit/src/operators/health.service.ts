import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnModuleDestroy,
  ServiceUnavailableException,
} from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
  HealthIndicatorService,
} from '@nestjs/terminus';

const CHECK_TIMEOUT_MS = 1_000;

export interface Readiness {
  isReady: boolean;
  checks: Record<string, 'up' | 'down'>;
}

/** Collects what this service needs to be ready; each module adds its own store. */
@Injectable()
export class HealthService implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly indicators = new Map<string, HealthIndicatorFunction>();
  private isDraining = false;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
  ) {}

  /** Adds what has to work for the service to be ready: `check` throws while it does not. */
  add(name: string, check: () => Promise<void>): void {
    this.indicators.set(name, () => this.indicator.check(name).attempt(check).withTimeout(CHECK_TIMEOUT_MS));
  }

  /** Runs every check, at most a second each, and says for each name whether it is up. */
  async check(): Promise<Readiness> {
    const { status, details } = await this.health.check([...this.indicators.values()]).catch(resultOf);
    const states = Object.entries(details).map(([name, detail]) => [name, detail.status === 'up' ? 'up' : 'down']);
    return { isReady: status === 'ok' && !this.isDraining, checks: Object.fromEntries(states) as Readiness['checks'] };
  }

  /** Not ready from now on, whatever the checks say. */
  leave(): void {
    this.isDraining = true;
  }

  onModuleDestroy(): void {
    this.leave();
  }

  beforeApplicationShutdown(): void {
    this.indicators.clear();
  }
}

/** Terminus throws its result when something is down. */
function resultOf(error: unknown): HealthCheckResult {
  if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
  throw error;
}
