import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Erasure, ErasurePart } from '@fowergram/contracts-user';
import { Database, type Sql, type Tx } from '@fowergram/database';

export interface OpenErasure {
  id: string;
  userId: string;
  /** Nothing that was under way when the account was deleted is under way any more. */
  isOldEnough: boolean;
}

interface ErasureRow {
  id: string;
  requestedAt: Date;
  completedAt: Date | null;
  part: ErasurePart;
  doneAt: Date | null;
}

@Injectable()
export class ErasuresRepository {
  constructor(private readonly db: Database) {}

  /** The id is the receipt: unlike the other ids it must not be guessed from others. */
  async insert(tx: Tx, userId: string, accountVersion: number): Promise<void> {
    await tx.query(INSERT, [randomUUID(), userId, accountVersion, ErasurePart.options]);
  }

  async byId(id: string): Promise<Erasure | undefined> {
    return toErasure(await this.db.query<ErasureRow>(`${ERASURE} where e.id = $1`, [id]));
  }

  async ofUser(sql: Sql, userId: string): Promise<Erasure | undefined> {
    return toErasure(await sql.query<ErasureRow>(`${ERASURE} where e.user_id = $1`, [userId]));
  }

  /** False when there is no such erasure. */
  async markDone(tx: Tx, userId: string, part: ErasurePart): Promise<boolean> {
    const [erasure] = await tx.query<{ id: string }>('select id from erasure where user_id = $1 for update', [userId]);
    if (!erasure) return false;
    await tx.query('update erasure_part set done_at = now() where erasure_id = $1 and part = $2 and done_at is null', [
      erasure.id,
      part,
    ]);
    await tx.query(COMPLETE, [erasure.id]);
    return true;
  }

  /** Those of which this part is not done, oldest first. */
  open(part: ErasurePart, limit: number): Promise<OpenErasure[]> {
    return this.db.query<OpenErasure>(OPEN, [part, limit]);
  }

  /** False when the part is done, or when another replica works on it now. */
  async claim(tx: Tx, id: string, part: ErasurePart): Promise<boolean> {
    return (
      (
        await tx.query(
          'select from erasure_part where erasure_id = $1 and part = $2 and done_at is null for update skip locked',
          [id, part],
        )
      ).length > 0
    );
  }

  /** Users of whose deletion other services were notified long ago without an answer; they count as notified again. */
  async announceAgain(tx: Tx): Promise<string[]> {
    return (await tx.query<{ userId: string }>(ANNOUNCE_AGAIN)).map(({ userId }) => userId);
  }

  /** Counts as announced now; false when no erasure of the user is open. */
  async announce(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(ANNOUNCE, [userId])).length > 0;
  }

  async countOpen(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      'select count(*)::int as count from erasure where completed_at is null',
    );
    return row?.count ?? 0;
  }

  async oldestOpenSeconds(): Promise<number> {
    const [row] = await this.db.query<{ age: number | null }>(
      'select extract(epoch from now() - min(requested_at))::float8 as age from erasure where completed_at is null',
    );
    return row?.age ?? 0;
  }
}

function toErasure(rows: ErasureRow[]): Erasure | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const parts = ErasurePart.options.flatMap((part) =>
    rows.filter((row) => row.part === part).map(({ doneAt }) => ({ part, doneAt: doneAt?.toISOString() ?? null })),
  );
  return {
    id: first.id,
    requestedAt: first.requestedAt.toISOString(),
    completedAt: first.completedAt?.toISOString() ?? null,
    parts,
  };
}

// Longer than any request may take: what was under way at the deletion has by then left its rows, or never will.
const COMMITTED_AFTER = `interval '6 seconds'`;
const ANNOUNCED_LONG_AGO = `interval '1 hour'`;

const ERASURE = `
  select e.id, e.requested_at as "requestedAt", e.completed_at as "completedAt", p.part, p.done_at as "doneAt"
  from erasure e join erasure_part p on p.erasure_id = e.id`;

const INSERT = `
  with made as (insert into erasure (id, user_id, account_version) values ($1, $2, $3) returning id)
  insert into erasure_part (erasure_id, part) select id, unnest($4::text[]) from made`;

const COMPLETE = `
  update erasure set completed_at = now()
  where id = $1 and completed_at is null and not exists (select from erasure_part where erasure_id = $1 and done_at is null)`;

const OPEN = `
  select e.id, e.user_id as "userId", e.requested_at < now() - ${COMMITTED_AFTER} as "isOldEnough"
  from erasure e join erasure_part p on p.erasure_id = e.id
  where e.completed_at is null and p.part = $1 and p.done_at is null
  order by e.requested_at limit $2`;

const ANNOUNCE = `
  update erasure set announced_at = now() where user_id = $1 and completed_at is null returning 1 as found`;

const ANNOUNCE_AGAIN = `
  update erasure set announced_at = now()
  where id = any(array(
    select e.id from erasure e
    where e.completed_at is null and e.announced_at < now() - ${ANNOUNCED_LONG_AGO}
      and exists (select from erasure_part p where p.erasure_id = e.id and p.done_at is null and p.part not in ('user', 'media'))
    limit 100 for update skip locked
  ))
  returning user_id as "userId"`;
