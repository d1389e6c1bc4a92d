import { type BeforeApplicationShutdown, Controller, Get, Injectable, type OnModuleDestroy, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';

type Check = () => Promise<void>;

const CHECK_TIMEOUT_MS = 1_000;

/** Collects what this service needs to be ready; each module adds its own store. */
@Injectable()
export class HealthChecks implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly checks = new Map<string, Check>();
  private draining = false;

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  /** Runs every check, at most a second each, and tells for each name whether it is up. */
  async run(): Promise<{ ready: boolean; checks: Record<string, 'up' | 'down'> }> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await isUp(check)] as const),
    );
    const ready = !this.draining && entries.every(([, state]) => state === 'up');
    return { ready, checks: Object.fromEntries(entries) };
  }

  onModuleDestroy(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.checks.clear();
  }
}

async function isUp(check: Check): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'up';
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}

/** The HTTP doors for operators: alive, ready, and metrics. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthChecks,
    private readonly metrics: Registry,
  ) {}

  /** Alive asks nothing of any store: a restart heals none of them. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get(['health', 'health/ready'])
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'ok' | 'unavailable'; checks: Record<string, 'up' | 'down'> }> {
    const { ready, checks } = await this.health.run();
    reply.status(ready ? 200 : 503).header('cache-control', 'no-store');
    return { status: ready ? 'ok' : 'unavailable', checks };
  }

  @Get('metrics')
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('content-type', this.metrics.contentType);
    return this.metrics.metrics();
  }
}
