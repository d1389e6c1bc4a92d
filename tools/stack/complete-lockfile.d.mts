export interface Lock {
  packages: Record<
    string,
    {
      version?: string;
      dev?: boolean;
      optional?: boolean;
      os?: string[];
      cpu?: string[];
      libc?: string[];
      optionalDependencies?: Record<string, string>;
    }
  >;
}
export function absentFromLock(lock: Lock): { name: string; version: string; dev: boolean }[];
export function completeLock(lock: Lock): Lock;
