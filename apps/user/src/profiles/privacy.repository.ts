import { Injectable } from '@nestjs/common';
import type { Role } from '@fowergram/contracts-user';
import { one, type Tx } from '@fowergram/database';

@Injectable()
export class PrivacyRepository {
  /** Undefined when it is so already. Who waits for an account that goes public is accepted afterwards, which is noted here. */
  async set(
    tx: Tx,
    userId: string,
    isPrivate: boolean,
  ): Promise<{ role: Role; version: number; at: Date } | undefined> {
    return (await tx.query<{ role: Role; version: number; at: Date }>(SET, [userId, isPrivate]))[0];
  }

  async version(tx: Tx, userId: string): Promise<number> {
    const rows = await tx.query<{ version: number }>('select account_version as version from profile where id = $1', [
      userId,
    ]);
    return one(rows).version;
  }
}

const SET = `
  update profile set is_private = $2, account_version = account_version + 1,
    accepts_all = not $2 and (select true from follow_request where followee_id = $1 limit 1) is not null
  where id = $1 and is_private <> $2
  returning role, account_version as version, clock_timestamp()::timestamptz(3) as at`;
