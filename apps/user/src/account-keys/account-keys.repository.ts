import { Injectable } from '@nestjs/common';
import type { Output } from '@fowergram/contracts-core';
import type { accountKeyRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';

type Answer = NonNullable<Output<typeof accountKeyRpc.claim>['answer']>;

export interface StoredKey {
  requestHash: string;
  /** Null while its request is under way. */
  answer: Answer | null;
}

@Injectable()
export class AccountKeysRepository {
  constructor(private readonly db: Database) {}

  /** True when the key is free for this request now; a claim that was not completed in time is free for the same request. */
  async claim(userId: string, key: string, requestHash: string, seconds: number): Promise<boolean> {
    return (await this.db.query(CLAIM, [userId, key, requestHash, seconds])).length > 0;
  }

  async find(key: string): Promise<StoredKey | undefined> {
    return (await this.db.query<StoredKey>(FIND, [key]))[0];
  }

  async store(key: string, answer: Answer): Promise<void> {
    await this.db.query(STORE, [key, JSON.stringify(answer)]);
  }

  async release(key: string): Promise<void> {
    await this.db.query('delete from idempotency_key where key = $1 and claimed_until is not null', [key]);
  }
}

// After the erasure of the user nothing of theirs is stored any more.
const CLAIM = `
  insert into idempotency_key as k (key, request_hash, answer, claimed_until)
  select $2, $3, 'null', clock_timestamp() + make_interval(secs => $4)
  where not exists (select from erasure where user_id = $1::uuid)
  on conflict (key) do update set claimed_until = excluded.claimed_until
  where k.claimed_until < clock_timestamp() and k.request_hash = excluded.request_hash
  returning 1 as claimed`;

const FIND = `
  select request_hash as "requestHash", case when claimed_until is null then answer end as answer from idempotency_key where key = $1`;

const STORE =
  'update idempotency_key set answer = $2, claimed_until = null where key = $1 and claimed_until is not null';
