export function runMailServer(options: {
  folder: string;
  port: number;
  serverName: string;
  keep?: number;
}): Promise<{ port: number; close(): Promise<void> }>;
