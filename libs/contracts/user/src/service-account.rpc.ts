import { z } from 'zod';
import { command, Id, query } from '@fowergram/contracts-core';
import { Reason } from './account.models.js';
import { ServiceAccount, ServiceAccountName, ServiceCaller, ServiceScopes } from './service-account.models.js';

const Act = z.object({ administratorId: Id, reason: Reason });
const OnAccount = Act.extend({ accountId: Id });
/** `key` is shown this once: it is null where a repeat is answered, and then another key is made. */
const WithKey = z.object({ account: ServiceAccount, key: z.string().nullable() });

/** Service accounts; only an ADMIN who is ACTIVE does anything here but `verify`, all others are FORBIDDEN. */
export const serviceAccountRpc = {
  /** Who has the key with this hash; null for nobody. It notes that the key was used, once an hour. */
  verify: query('user.service-account.verify', {
    input: z.object({ keyHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    output: z.object({ caller: ServiceCaller.nullable() }),
  }),
  /** All of them, newest first. */
  list: query('user.service-account.list', {
    input: z.object({ administratorId: Id }),
    output: z.array(ServiceAccount),
  }),
  /** Makes an account with its first key. */
  create: command('user.service-account.create', {
    input: Act.extend({ name: ServiceAccountName, scopes: ServiceScopes }),
    output: WithKey,
  }),
  createKey: command('user.service-account.create-key', { input: OnAccount, output: WithKey }),
  revokeKey: command('user.service-account.revoke-key', {
    input: Act.extend({ keyId: Id }),
    output: ServiceAccount,
  }),
  /** Ends the account with all of its keys, for good; answers what it was. */
  close: command('user.service-account.close', { input: OnAccount, output: ServiceAccount }),
};
