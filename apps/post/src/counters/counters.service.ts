import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CounterAggregator } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { FOLD_AUTHORS, FOLD_POSTS } from './counters.repository.js';

/** Folds the deltas that likes, comments and posts leave behind; whoever reads a count adds those that are not folded yet. */
@Injectable()
export class CountersService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly folders: CounterAggregator[];

  constructor(db: Database, @Inject(LOGGER) log: Logger) {
    this.folders = [
      new CounterAggregator({ db, log, name: 'post_counter', statement: FOLD_POSTS }),
      new CounterAggregator({ db, log, name: 'author_counter', statement: FOLD_AUTHORS }),
    ];
  }

  onApplicationBootstrap(): void {
    for (const folder of this.folders) folder.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.folders.map((folder) => folder.stop()));
  }
}
