import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CounterAggregator, CounterDrift } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { CountersController } from './counters.controller.js';
import { COUNTERS } from './counters.registry.js';
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
    {
      provide: CounterDrift,
      inject: [Database, Registry],
      useFactory: (db: Database, metrics: Registry) => new CounterDrift(db, metrics, COUNTERS),
    },
  ],
  exports: [CountersService],
})
export class CountersModule {}
