import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import type { Client, SignInMethod, SignInOutcome } from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';
import { PrismaService } from '../prisma.client.js';

export interface NewSignIn extends Client {
  userId: string;
  method: SignInMethod | null;
  outcome: SignInOutcome;
  sessionHandle: string | null;
}

export interface SignInRow extends NewSignIn {
  id: string;
  createdAt: Date;
  lastUsedAt: Date;
}

@Injectable()
export class SignInsRepository {
  constructor(
    private readonly db: Database,
    private readonly prisma: PrismaService,
  ) {}

  async insert(line: NewSignIn): Promise<void> {
    await this.db.query(INSERT, [
      newId(),
      line.userId,
      line.method,
      line.outcome,
      line.sessionHandle,
      line.ipAddress,
      line.userAgent,
    ]);
  }

  /** The different user agents of the lines with these outcomes, the latest first. */
  async userAgents(userId: string, outcomes: SignInOutcome[]): Promise<string[]> {
    const groups = await this.prisma.signIn.groupBy({
      by: 'userAgent',
      where: { userId, outcome: { in: outcomes } },
      orderBy: { _max: { createdAt: 'desc' } },
      take: MAX_USER_AGENTS,
    });
    return groups.map(({ userAgent }) => userAgent);
  }

  async touch(userId: string, sessionHandle: string, { ipAddress, userAgent }: Client): Promise<void> {
    await this.db.query(TOUCH, [userId, sessionHandle, ipAddress, userAgent]);
  }

  newest(userId: string, after: Position, limit: number): Promise<SignInRow[]> {
    return this.db.query<SignInRow>(NEWEST, [userId, after.at, after.id, limit]);
  }

  bySessions(userId: string, sessionHandles: string[]): Promise<SignInRow[]> {
    return this.db.query<SignInRow>(BY_SESSIONS, [userId, sessionHandles]);
  }

  /** Removes up to `limit` lines that were not used for so many days; answers how many there were. */
  async removeOlderThan(days: number, limit: number): Promise<number> {
    return (await this.db.query(REMOVE_OLD, [days, limit])).length;
  }
}

/** Somebody who lets a program sign in under ever new names must not make each sign-in slower. */
const MAX_USER_AGENTS = 200;

const COLUMNS = `id, user_id as "userId", method, outcome, session_handle as "sessionHandle", ip_address as "ipAddress", user_agent as "userAgent",
  created_at as "createdAt", last_used_at as "lastUsedAt"`;

// The same session again is the same line. A request that was under way while the account was deleted inserts nothing after the erasure.
const INSERT = `
  insert into sign_in (id, user_id, method, outcome, session_handle, ip_address, user_agent)
  select $1, $2::uuid, $3, $4, $5, $6, $7 where not exists (select from erasure where user_id = $2::uuid)
  on conflict (session_handle) where session_handle is not null do nothing`;

const TOUCH =
  'update sign_in set last_used_at = now(), ip_address = $3, user_agent = $4 where session_handle = $2 and user_id = $1';

const NEWEST = `
  select ${COLUMNS} from sign_in
  where user_id = $1 and (created_at, id) < ($2::timestamptz, $3::uuid)
  order by created_at desc, id desc limit $4`;

const BY_SESSIONS = `select ${COLUMNS} from sign_in where user_id = $1 and session_handle = any($2::text[]) order by created_at desc, id desc`;

const REMOVE_OLD = `
  delete from sign_in where id = any(array(
    select id from sign_in where last_used_at < now() - make_interval(days => $1) order by last_used_at limit $2 for update skip locked))
  returning id`;
