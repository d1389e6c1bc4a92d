import 'reflect-metadata';
import { Role } from '@fowergram/contracts-user';
import { Database, databaseOptions, databaseVariables } from '@fowergram/database';
import { ConfigError, defineConfig } from '@fowergram/service-kit';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { withRole } from './accounts/accounts.rules.js';

const USAGE = `Usage: node dist/apps/user/src/grant-role.js <username> <${Role.options.join('|')}>`;

const config = defineConfig(databaseVariables);

/** Invalid input of the operator: its message is all that they need. */
export class GrantError extends Error {}

/** Gives somebody a role on an operator's word, which is how the first administrator comes to be; returns the message for the operator. */
export async function grantRole(db: Database, username: string | undefined, wish: string | undefined): Promise<string> {
  const role = Role.safeParse(wish?.toUpperCase());
  if (!username || wish === undefined) throw new GrantError(USAGE);
  if (!role.success) throw new GrantError(`There is no role ${wish}. ${USAGE}`);
  const accounts = new AccountsRepository(db);
  return db.transaction(async (tx) => {
    const account = await accounts.lockByUsername(tx, username);
    if (!account || account.status === 'DELETED')
      throw new GrantError(`There is no account with the username ${username}.`);
    const next = withRole(account, role.data);
    if (!next) return `${account.username} is ${account.role} already.`;
    await accounts.change(tx, next);
    await accounts.recordAction(tx, {
      moderatorId: account.userId,
      userId: account.userId,
      action: `SET_ROLE_${next.role}`,
      reason: 'granted by an operator',
      until: null,
    });
    return `${account.username} was ${account.role} and is ${next.role} now.`;
  });
}

async function main(): Promise<void> {
  const db = new Database({ ...databaseOptions(config.read(process.env)), max: 1 });
  try {
    console.log(await grantRole(db, process.argv[2], process.argv[3]));
  } finally {
    await db.close();
  }
}

if (process.argv[1]?.endsWith('grant-role.js')) {
  await main().catch((error: unknown) => {
    const { message } = error as Error;
    console.error(
      error instanceof GrantError || error instanceof ConfigError ? message : `The role was not granted: ${message}`,
    );
    process.exitCode = 1;
  });
}
