export function isFree(port: number, host?: string): Promise<boolean>;
export function freePort(): Promise<number>;
export function freePorts(count: number): Promise<number[]>;
export function portHolder(port: number): { pid: number; command: string } | undefined;
