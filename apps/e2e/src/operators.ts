import type { Role } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { grantRole } from '../../user/src/grant-role.js';

/** Gives somebody a role as an operator does, with access to the user database. */
export async function setRole(
  { databases }: { databases: Record<string, string> },
  username: string,
  role: Role,
): Promise<void> {
  const db = new Database({ url: databases.user!, max: 1 });
  try {
    await grantRole(db, username, role);
  } finally {
    await db.close();
  }
}
