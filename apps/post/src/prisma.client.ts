import type { InTransaction } from '@fowergram/database';
import { type Prisma, PrismaClient } from './generated/prisma/client.js';

/** The Prisma client over the pool of this service; `prisma.in(tx, …)` runs calls in a transaction of the Database. */
export class PrismaService extends PrismaClient {
  declare readonly in: InTransaction<Prisma.TransactionClient>;
}
