import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HealthChecks, type Logger, LOGGER, type Periodic, periodically } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { MediaStorage } from './media.storage.js';

const TRY_EVERY_MS = 1_000;

/** Makes sure that there is a bucket as soon as the store answers; the service starts without waiting for it. */
@Injectable()
class BucketKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private attempts: Periodic | undefined;

  constructor(
    private readonly storage: MediaStorage,
    @Inject(LOGGER) private readonly log: Logger,
    health: HealthChecks,
  ) {
    health.add('object-store', () => storage.ping());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.storage.ensureBucket().catch((error: unknown) => {
      this.log.warn({ err: error }, 'no bucket yet, will be tried again');
      this.attempts = periodically({
        name: 'ensure bucket',
        everyMs: TRY_EVERY_MS,
        log: this.log,
        work: () => this.tryAgain(),
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.attempts?.stop();
  }

  private async tryAgain(): Promise<void> {
    await this.storage.ensureBucket();
    // Not awaited: it would wait for this very run.
    void this.attempts?.stop();
    this.log.info('the bucket is there');
  }
}

@Module({})
export class StorageModule {
  static with(config: Config): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [{ provide: MediaStorage, useFactory: () => new MediaStorage(config) }, BucketKeeper],
      exports: [MediaStorage],
    };
  }
}
