import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigError, Every, HealthService, type Logger, LOGGER } from '@fowergram/service-kit';
import { MediaStorage } from './media.storage.js';

const RETRY_INTERVAL_MS = 1_000;

/** Makes sure that there is a bucket as soon as the store answers; the service starts without waiting for it, unless its keys are wrong. */
@Injectable()
export class BucketService implements OnApplicationBootstrap {
  private hasBucket = false;

  constructor(
    private readonly storage: MediaStorage,
    @Inject(LOGGER) private readonly log: Logger,
    health: HealthService,
  ) {
    health.add('object-store', () => storage.ping());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.ensure().catch(async (error: unknown) => {
      if (await this.storage.refusesKeys(error))
        throw new ConfigError('MINIO_ACCESS_KEY, MINIO_SECRET_KEY: the object store does not take them.');
      this.log.warn({ err: error }, 'no bucket yet, will be tried again');
    });
  }

  @Every(RETRY_INTERVAL_MS, 'ensure the bucket')
  async ensure(): Promise<void> {
    if (this.hasBucket) return;
    await this.storage.ensureBucket();
    this.hasBucket = true;
    this.log.info('the bucket is there');
  }
}
