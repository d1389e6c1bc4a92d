export const databases: string[];
export function credentials(dataDir: string): {
  stackId: string;
  postgres: string;
  roles: Record<string, string>;
  redis: string;
  redisUsers: Record<string, string>;
  nats: Record<string, string>;
  objectStore: { accessKey: string; secretKey: string };
  authCore: string;
};
