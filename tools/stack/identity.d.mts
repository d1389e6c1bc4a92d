export interface ProcessRecord {
  name?: string;
  pid: number;
  identity: string | undefined;
  stopSignal?: NodeJS.Signals;
  group?: boolean;
}
export function processIdentity(pid: number): string | undefined;
export function isAlive(record: ProcessRecord | undefined): boolean;
export function signalRecorded(record: ProcessRecord, signal: NodeJS.Signals): boolean;
export function endRestOfGroup(leader: number): void;
export function stopRecorded(
  record: ProcessRecord,
  options?: { signal?: NodeJS.Signals; patienceMs?: number },
): Promise<void>;
export function pause(ms: number): Promise<void>;
