export function checkPostgresIdentity(url: string, folder: string): Promise<void>;
export function checkForeignPostgres(url: string): Promise<void>;
export function query<Row = Record<string, unknown>>(url: string, text: string, values?: unknown[]): Promise<Row[]>;
export function removeData(dataDir: string): void;
