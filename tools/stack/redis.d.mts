export function checkRedisIdentity(expected: { port: number; password: string; pid: number }): Promise<void>;
export function checkForeignRedis(url: string): Promise<{ urlOf(service: string): string }>;
