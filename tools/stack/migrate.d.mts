export function migrationsOf(name: string): string;
export function migrate(options: {
  adminUrl: string;
  passwords: Record<string, string>;
  names?: string[];
}): Promise<Record<string, string>>;
export function ensureDatabases(options: {
  adminUrl: string;
  passwords: Record<string, string>;
  names: string[];
}): Promise<void>;
export function serviceUrl(adminUrl: string, name: string, password: string, user?: string): string;
