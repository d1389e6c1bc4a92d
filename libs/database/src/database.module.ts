import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HealthService } from '@fowergram/service-kit';
import { Database } from './database.js';

@Injectable()
class DatabaseLife implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    health: HealthService,
  ) {
    health.add('postgres', () => database.ping());
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

/** Provides the Database of the service to every module of it. */
@Module({})
export class DatabaseModule {
  static with(url: string): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: Database, useFactory: () => new Database({ url }) }, DatabaseLife],
      exports: [Database],
    };
  }
}
