import { Controller, Get, Res } from '@nestjs/common';
import { HealthCheck } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { HealthService, type Readiness } from './health.service.js';

/** Tells operators whether the service is alive and ready. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Alive asks nothing of any store: a restart heals none of them. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Of Terminus' result only names and states are public: its messages say where stores are. */
  @Get(['', 'ready'])
  @HealthCheck()
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'ok' | 'unavailable'; checks: Readiness['checks'] }> {
    const { isReady, checks } = await this.health.check();
    reply.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }
}
