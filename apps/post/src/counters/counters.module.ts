import { Module } from '@nestjs/common';
import { CounterAggregator } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { FOLD_AUTHORS, FOLD_POSTS } from './counters.repository.js';

const aggregator = (name: string, statement: string) => ({
  provide: `aggregator of ${name}`,
  inject: [Database],
  useFactory: (db: Database) => new CounterAggregator({ db, name, statement }),
});

/** Aggregates the deltas that likes, comments and posts leave behind; whoever reads a count adds those that are not aggregated yet. */
@Module({ providers: [aggregator('post_counter', FOLD_POSTS), aggregator('author_counter', FOLD_AUTHORS)] })
export class CountersModule {}
