import { z } from 'zod';
import type { DatabaseOptions } from './database.js';

/** What every service with a database reads about it. */
export const databaseVariables = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Connections of one process at most. A lock across the object store takes one, and the work under it needs another. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(4).max(200).default(16),
  /** Off behind a pooler that lends a connection for one transaction and knows no prepared statements: PgBouncer before 1.21. */
  DATABASE_NAMED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  /** Where replicas of that database answer, with commas between them; dear reads go there. */
  DATABASE_REPLICA_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((url) => url.trim() || []))
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/ })).max(16)),
};

export type DatabaseConfig = z.output<z.ZodObject<typeof databaseVariables>>;

/** The options of the Database that these variables describe. */
export const databaseOptions = (config: DatabaseConfig): DatabaseOptions => ({
  url: config.DATABASE_URL,
  max: config.DATABASE_POOL_SIZE,
  hasNamedStatements: config.DATABASE_NAMED_STATEMENTS === 'on',
});
