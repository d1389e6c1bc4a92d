import { hash } from 'node:crypto';
import { z } from 'zod';
import { Id, Timestamp, visibleNameUpTo } from '@fowergram/contracts-core';

export const MAX_SERVICE_ACCOUNTS = 100;
export const MAX_KEYS_PER_SERVICE_ACCOUNT = 10;
export const MAX_SERVICE_ACCOUNT_NAME_LENGTH = 100;

/** What a service account may do; what is not named here it may not. */
export const ServiceScope = z.enum(['tokens:validate', 'users:read', 'posts:read', 'events:read', 'webhooks:manage']);
export type ServiceScope = z.output<typeof ServiceScope>;

export const ServiceScopes = z
  .array(ServiceScope)
  .min(1, { error: 'A service account needs at least one scope.' })
  .max(ServiceScope.options.length)
  .transform((scopes) => ServiceScope.options.filter((scope) => scopes.includes(scope)));

/** What its administrators call the back end that has the account. */
export const ServiceAccountName = visibleNameUpTo(MAX_SERVICE_ACCOUNT_NAME_LENGTH, 'A name');

/** A key as it is known after it was shown: by its last characters. */
export const ServiceKey = z.object({
  id: Id,
  ending: z.string(),
  createdAt: Timestamp,
  /** To the hour; null for one that nobody has used. */
  lastUsedAt: Timestamp.nullable(),
});
export type ServiceKey = z.output<typeof ServiceKey>;

/** Another back end that may ask us. */
export const ServiceAccount = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(ServiceScope),
  createdAt: Timestamp,
  /** Those that open it now, newest first. */
  keys: z.array(ServiceKey),
});
export type ServiceAccount = z.output<typeof ServiceAccount>;

/** Who a key belongs to, and what it may do. */
export const ServiceCaller = z.object({ id: Id, scopes: z.array(ServiceScope) });
export type ServiceCaller = z.output<typeof ServiceCaller>;

/** What every key begins with, so that scanners of source code recognise one that was left there. */
export const SERVICE_KEY_PREFIX = 'fgk_';
export const SERVICE_KEY = /^fgk_[\w-]{43}$/;

/** By what a key is found: it is stored and sent between services as nothing else. */
export const hashOfServiceKey = (key: string): string => hash('sha256', key, 'hex');
