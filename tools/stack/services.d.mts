import type { Child } from './child.mjs';
import type { Stack } from './stack.mjs';

export type ServiceName = 'gateway' | 'user' | 'post' | 'media' | 'notification';

export interface Service extends Child {
  /** Where it answers operators: metrics and health. */
  readonly operatorUrl: string;
  readonly variables: Record<string, string>;
}

/** The one that clients reach. */
export interface PublicService extends Service {
  readonly url: string;
  readonly port: number;
}

export type Services<Name extends ServiceName = ServiceName> = {
  [Each in Name]: Each extends 'gateway' ? PublicService : Service;
};

export const serviceNames: ServiceName[];

export function startServices<Name extends ServiceName = ServiceName>(options: {
  stack: Stack;
  names?: readonly Name[];
  env?: NodeJS.ProcessEnv;
  extra?: Partial<Record<Name, NodeJS.ProcessEnv>>;
  port?: number;
  operatorPorts?: Partial<Record<Name, number>>;
  dataDir?: string;
  logDir?: string;
  databases?: Record<string, string>;
}): Promise<Services<Name>>;

export function stopServices(services: Partial<Services>): Promise<void>;

export function variablesOf(
  name: ServiceName,
  options: {
    stack: Stack;
    env?: NodeJS.ProcessEnv;
    extra?: NodeJS.ProcessEnv;
    port?: number;
    operatorPort: number;
    database?: string;
  },
): Record<string, string>;
