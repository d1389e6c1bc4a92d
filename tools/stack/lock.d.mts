export function lockFolder(
  dataDir: string,
  options: { log: (line: string) => void; what: string },
): Promise<() => void>;
export function stopLeftovers(dataDir: string, log: (line: string) => void): Promise<void>;
