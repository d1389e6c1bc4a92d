import type { Child } from './child.mjs';
import type { Stack } from './stack.mjs';

export type ServiceName = 'gateway' | 'user' | 'post' | 'media' | 'notification';

export interface Service extends Child {
  readonly url: string;
  readonly port: number;
  readonly variables: Record<string, string>;
}

export const serviceNames: ServiceName[];

export function startServices<Name extends ServiceName = ServiceName>(options: {
  stack: Stack;
  names?: readonly Name[];
  env?: NodeJS.ProcessEnv;
  extra?: Partial<Record<Name, NodeJS.ProcessEnv>>;
  ports?: Partial<Record<Name, number>>;
  dataDir?: string;
  logDir?: string;
  databases?: Record<string, string>;
}): Promise<Record<Name, Service> & Record<string, Service>>;

export function stopServices(services: Record<string, Service>): Promise<void>;

export function variablesOf(
  name: ServiceName,
  options: { stack: Stack; env?: NodeJS.ProcessEnv; extra?: NodeJS.ProcessEnv; port: number; database?: string },
): Record<string, string>;
