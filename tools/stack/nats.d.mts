export function checkNatsIdentity(expected: {
  host: string;
  port: number;
  user: string;
  password: string;
  serverName: string;
}): Promise<void>;
export function checkForeignNats(url: string): Promise<void>;
