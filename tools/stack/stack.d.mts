import type { Child } from './child.mjs';

export { StackError, printFailure } from './errors.mjs';

export type StoreName = 'postgres' | 'redis' | 'nats' | 'objectStore' | 'authCore' | 'mail';

/** `outside` stores were named by the environment: they have an address and nothing else of ours. */
export interface Store extends Pick<Child, 'name' | 'pid' | 'start' | 'stop' | 'restart' | 'kill'> {
  readonly url: string;
  readonly outside?: boolean;
}

export interface ObjectStore extends Store {
  readonly publicUrl: string;
  readonly bucket: string;
  /** Of the administrator. */
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of the media service: they open its bucket and nothing else, where the store has such keys. */
  readonly media: { readonly accessKey: string; readonly secretKey: string };
  readonly kind: 'minio' | 's3rver' | 'outside';
}

export interface Stack {
  readonly dataDir: string;
  readonly postgres: Store;
  /** The own addresses of Redis and NATS are those of their administrators. */
  readonly redis: Store & { urlOf(service: string): string };
  readonly nats: Store & { urlOf(service: string): string };
  readonly objectStore: ObjectStore;
  /** Undefined while dist has no auth core. */
  readonly authCore: (Store & { readonly apiKey?: string }) | undefined;
  /** With the folder of its mails, unless the environment named it. */
  readonly mail: Store & { readonly folder?: string };
  /** Passwords of the database roles, by service. */
  readonly passwords: Record<string, string>;
  /** The addresses that each service enters with a name and a password of its own, as it reads them. */
  urlsOf(service: string): Record<string, string>;
  /** The addresses of the other stores, but for Postgres, whose databases have one each, as the services read them. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
  /** Stops everything and removes the data. */
  destroy(): Promise<void>;
}

export interface StackOptions {
  dataDir: string;
  mailFolder?: string;
  log?: (line: string) => void;
  stores?: StoreName[];
  fixedPorts?: Partial<Record<StoreName, number>>;
  durable?: boolean;
  env?: NodeJS.ProcessEnv;
  what?: string;
  release?: () => void;
}

export function startStack(options: StackOptions): Promise<Stack>;
export function takenPort(who: string, port: number, whatToDo?: string): Error;
