import { type DynamicModule, Module } from '@nestjs/common';
import type { PrismaPg } from '@prisma/adapter-pg';
import { Database } from './database.js';
import { prismaOver } from './prisma.js';

/** Provides the Prisma client of the service to its repositories; needs DatabaseModule beside it. */
@Module({})
export class PrismaModule {
  static with<Client extends object>(client: new (options: { adapter: PrismaPg }) => Client): DynamicModule {
    return {
      module: PrismaModule,
      global: true,
      providers: [{ provide: client, inject: [Database], useFactory: (db: Database) => prismaOver(db, client) }],
      exports: [client],
    };
  }
}
