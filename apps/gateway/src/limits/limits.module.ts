import { Module } from '@nestjs/common';
import { RedisModule } from '@fowergram/redis';
import { ClientAddressesService } from './client-addresses.service.js';
import { LimitsClock } from './limits-clock.service.js';
import { PointsCache } from './points.cache.js';
import { PointsService } from './points.service.js';
import { RateLimitsService } from './rate-limits.service.js';
import { LIMITS_CONNECTION } from './redis.config.js';

/** How much anybody may do in a time, of everything but signing in (auth/limits). */
@Module({
  imports: [RedisModule.with(LIMITS_CONNECTION)],
  providers: [ClientAddressesService, LimitsClock, PointsCache, PointsService, RateLimitsService],
  exports: [ClientAddressesService, LimitsClock, RateLimitsService],
})
export class LimitsModule {}
