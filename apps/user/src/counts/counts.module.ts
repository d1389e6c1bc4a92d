import { Module } from '@nestjs/common';
import { CounterAggregator } from '@fowergram/counters';
import { Database } from '@fowergram/database';
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
      inject: [Database],
      useFactory: (db: Database) => new CounterAggregator({ db, name: 'follow_count', statement: FOLD }),
    },
  ],
  exports: [CountsService],
})
export class CountsModule {}
