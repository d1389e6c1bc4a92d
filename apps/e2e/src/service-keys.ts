import { randomBytes, randomUUID } from 'node:crypto';
import { hashOfServiceKey, ServiceScope } from '@fowergram/contracts-user';
import { query } from '../../../tools/stack/postgres.mjs';

/** Makes a service account with all scopes in the database of *user*, where no administrator is at hand; answers its key. */
export async function addServiceKey(databaseUrl: string): Promise<string> {
  const [accountId, key] = [randomUUID(), `fgk_${randomBytes(32).toString('base64url')}`];
  const account = `insert into service_account (id, name, scopes) values ($1, 'Another back end', $2)`;
  await query(databaseUrl, account, [accountId, ServiceScope.options]);
  await query(
    databaseUrl,
    `insert into service_account_key (id, account_id, hash, ending) values ($1, $2, decode($3, 'hex'), $4)`,
    [randomUUID(), accountId, hashOfServiceKey(key), key.slice(-4)],
  );
  return key;
}
