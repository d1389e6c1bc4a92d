import type { Found } from './programs.mjs';

export interface PostgresProcess {
  url: string;
  stop(options?: { patienceMs?: number }): Promise<void>;
  start(): Promise<void>;
  /** Sends a signal, SIGKILL unless another is named. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}
interface PostgresOptions {
  dataDir: string;
  program: Found;
  port: number;
  log: (line: string) => void;
}
export function postgresServer(
  options: PostgresOptions & { password: string; durable: boolean },
): Promise<PostgresProcess>;
export function postgresReplica(options: PostgresOptions & { primaryUrl: string }): Promise<PostgresProcess>;
export function checkPostgresIdentity(url: string, folder: string): Promise<void>;
export function checkForeignPostgres(url: string): Promise<void>;
export function query<Row = Record<string, unknown>>(url: string, text: string, values?: unknown[]): Promise<Row[]>;
export function removeData(dataDir: string): void;
