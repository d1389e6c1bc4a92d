import { Module } from '@nestjs/common';
import { RedisModule } from '@fowergram/redis';
import { ActiveUsersCache } from './active-users.cache.js';
import { ActiveUsersService } from './active-users.service.js';
import { ACTIVITY_CONNECTION } from './redis.config.js';

/** How many users are active. */
@Module({
  imports: [RedisModule.with(ACTIVITY_CONNECTION)],
  providers: [ActiveUsersCache, ActiveUsersService],
  exports: [ActiveUsersService],
})
export class ActivityModule {}
