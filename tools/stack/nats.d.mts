export function checkNatsIdentity(expected: {
  host: string;
  port: number;
  user: string;
  password: string;
  serverName: string;
}): Promise<void>;
export function checkForeignNats(url: string): Promise<{ urlOf(service: string): string }>;
export function administerNats(url: string): Promise<void>;
