import { Global, Module } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Database } from '@fowergram/database';
import { PrismaClient } from './generated/prisma/client.js';

/** The client for simple reads of this service's own tables, over the one pool of the service. */
@Global()
@Module({
  providers: [
    {
      provide: PrismaClient,
      inject: [Database],
      useFactory: (db: Database) => new PrismaClient({ adapter: new PrismaPg(db.pool) }),
    },
  ],
  exports: [PrismaClient],
})
export class PrismaModule {}
