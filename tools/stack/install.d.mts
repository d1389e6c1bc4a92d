export function runStep(
  name: string,
  command: string,
  args: string[],
  options?: { env?: NodeJS.ProcessEnv },
): Promise<string>;
