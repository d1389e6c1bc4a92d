import type { Server } from '@grpc/grpc-js';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HealthImplementation } from 'grpc-health-check';
import { Every, HealthService } from '@fowergram/service-kit';

const POLL_INTERVAL_MS = 2_000;
/** The server as a whole, as the protocol names it. */
const WHOLE = '';

/** grpc.health.v1: SERVING while the gateway is ready, as its operators' port says it. */
@Injectable()
export class GrpcHealthService implements OnModuleDestroy {
  private readonly implementation = new HealthImplementation({ [WHOLE]: 'NOT_SERVING' });

  constructor(private readonly health: HealthService) {}

  addTo(server: Server): void {
    this.implementation.addToServer(server);
  }

  @Every(POLL_INTERVAL_MS, 'tell the health by gRPC')
  async refresh(): Promise<void> {
    const { isReady } = await this.health.check();
    this.implementation.setStatus(WHOLE, isReady ? 'SERVING' : 'NOT_SERVING');
  }

  onModuleDestroy(): void {
    this.implementation.setStatus(WHOLE, 'NOT_SERVING');
  }
}
