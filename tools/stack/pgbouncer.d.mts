import type { Child } from './child.mjs';

export interface PgBouncer extends Child {
  /** The same database by way of this pooler. */
  urlOf(url: string): string;
  /** Whether a statement may have a name behind it. */
  readonly hasNamedStatements: boolean;
}

export function pgBouncer(options: {
  dataDir: string;
  program: { path?: string; version?: string };
  port: number;
  adminUrl: string;
  /** By the name of the role. */
  passwords: Record<string, string>;
  /** Connections to Postgres at most, for each database. */
  poolSize?: number;
  log?: (line: string) => void;
}): Promise<PgBouncer>;
