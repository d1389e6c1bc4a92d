export { Database, type DatabaseOptions, type Sql, type Tx } from './database.js';
export * from './database.module.js';
export * from './directions.js';
export * from './new-id.js';
export * from './one.js';
export type { Qualified } from './qualified.js';
export { type InTransaction, prismaOver } from './prisma.js';
export * from './prisma.module.js';
export { isStatementTimeout, isUnavailable, isUniqueViolation } from './unavailable.js';
