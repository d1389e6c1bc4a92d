import { Module } from '@nestjs/common';
import { CounterAggregator } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { CountersController } from './counters.controller.js';
import { CountersRepository, AGGREGATE } from './counters.repository.js';
import { CountersService } from './counters.service.js';

@Module({
  controllers: [CountersController],
  providers: [
    CountersService,
    CountersRepository,
    {
      provide: CounterAggregator,
      inject: [Database],
      useFactory: (db: Database) => new CounterAggregator({ db, name: 'follow_count', statement: AGGREGATE }),
    },
  ],
  exports: [CountersService],
})
export class CountersModule {}
