export function runObjectStore(options: {
  folder: string;
  port: number;
  host?: string;
  credentials: { accessKey: string; secretKey: string };
  bucketKeys?: { accessKey: string; secretKey: string; bucket: string }[];
  buckets?: string[];
}): Promise<{ port: number; close(): Promise<void> }>;
