import { Module } from '@nestjs/common';
import { CounterAggregator } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { CountsController } from './counts.controller.js';
import { CountsRepository, FOLD } from './counts.repository.js';
import { CountsService } from './counts.service.js';

@Module({
  controllers: [CountsController],
  providers: [
    CountsService,
    CountsRepository,
    {
      provide: CounterAggregator,
      inject: [Database, LOGGER],
      useFactory: (db: Database, log: Logger) =>
        new CounterAggregator({ db, log, name: 'follow_count', statement: FOLD }),
    },
  ],
  exports: [CountsService],
})
export class CountsModule {}
