import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CounterAggregator, CounterDrift } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { CountersErasure } from './counters.erasure.js';
import { COUNTERS } from './counters.registry.js';
import { AGGREGATE_AUTHORS, AGGREGATE_COMMENTS, AGGREGATE_HASHTAGS, AGGREGATE_POSTS } from './counters.repository.js';

const aggregator = (name: string, statement: string) => ({
  provide: `aggregator of ${name}`,
  inject: [Database],
  useFactory: (db: Database) => new CounterAggregator({ db, name, statement }),
});

/** Aggregates the deltas of likes, comments, replies, posts and hashtags; a reader of a count adds those that are not aggregated yet. */
@Module({
  providers: [
    aggregator('post_counter', AGGREGATE_POSTS),
    aggregator('comment_counter', AGGREGATE_COMMENTS),
    aggregator('author_counter', AGGREGATE_AUTHORS),
    aggregator('hashtag_counter', AGGREGATE_HASHTAGS),
    {
      provide: CounterDrift,
      inject: [Database, Registry],
      useFactory: (db: Database, metrics: Registry) => new CounterDrift(db, metrics, COUNTERS),
    },
    CountersErasure,
  ],
})
export class CountersModule {}
