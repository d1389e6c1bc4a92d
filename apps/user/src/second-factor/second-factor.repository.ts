import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';
import { PrismaService } from '../prisma.client.js';
import type { Attempts } from './second-factor.rules.js';

export interface SecondFactorRow extends Attempts {
  userId: string;
  /** As SecondFactorCryptoService encrypted it. */
  secret: Buffer;
  confirmedAt: Date | null;
  lastStep: number;
}

@Injectable()
export class SecondFactorRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Makes everybody else who wants to try a code of this user wait until the transaction ends. */
  async lock(tx: Tx, userId: string): Promise<SecondFactorRow | undefined> {
    return (await tx.query<SecondFactorRow>(LOCK, [userId]))[0];
  }

  /** Asked before a secret is stored: a deletion waits until the transaction ends, and whatever follows the deletion sees it. */
  async isOfDeletedAccount(tx: Tx, userId: string): Promise<boolean> {
    await tx.query(`select pg_advisory_xact_lock_shared(hashtextextended('account:' || $1, 0))`, [userId]);
    return (await tx.query('select true as deleted from erasure where user_id = $1', [userId])).length > 0;
  }

  /** Replaces an unconfirmed secret and leaves its failures; false when there is a confirmed one. */
  async putUnconfirmed(tx: Tx, userId: string, secret: Buffer): Promise<boolean> {
    return (await tx.query(PUT_UNCONFIRMED, [userId, secret])).length > 0;
  }

  async confirm(tx: Tx, userId: string): Promise<void> {
    await tx.query('update second_factor set confirmed_at = now() where user_id = $1', [userId]);
  }

  async remove(tx: Tx, userId: string): Promise<void> {
    await this.prisma.in(tx, (prisma) => prisma.secondFactor.deleteMany({ where: { userId } }));
  }

  async recordFailure(tx: Tx, userId: string, at: Date): Promise<void> {
    const data = { failures: { increment: 1 }, lastFailureAt: at };
    await this.prisma.in(tx, (prisma) => prisma.secondFactor.updateMany({ where: { userId }, data }));
  }

  async recordSuccess(tx: Tx, userId: string, lastStep: number): Promise<void> {
    const data = { failures: 0, lastFailureAt: null, lastStep };
    await this.prisma.in(tx, (prisma) => prisma.secondFactor.updateMany({ where: { userId }, data }));
  }

  /** True when there was such a code and it was not used before. */
  async useRecoveryCode(tx: Tx, userId: string, codeHash: Buffer): Promise<boolean> {
    return (await tx.query(USE_RECOVERY_CODE, [userId, codeHash])).length > 0;
  }

  async replaceRecoveryCodes(tx: Tx, userId: string, codeHashes: Buffer[]): Promise<void> {
    const data = codeHashes.map((codeHash) => ({ userId, codeHash: new Uint8Array(codeHash) }));
    await this.prisma.in(tx, async ({ recoveryCode }) => {
      await recoveryCode.deleteMany({ where: { userId } });
      await recoveryCode.createMany({ data });
    });
  }

  recoveryCodesLeft(tx: Tx, userId: string): Promise<number> {
    return this.prisma.in(tx, ({ recoveryCode }) => recoveryCode.count({ where: { userId, usedAt: null } }));
  }
}

const LOCK = `
  select user_id as "userId", secret, confirmed_at as "confirmedAt", last_step as "lastStep", failures, last_failure_at as "lastFailureAt"
  from second_factor where user_id = $1 for update`;

const PUT_UNCONFIRMED = `
  insert into second_factor (user_id, secret) values ($1, $2)
  on conflict (user_id) do update set secret = excluded.secret, last_step = 0, created_at = now() where second_factor.confirmed_at is null
  returning true as put`;

const USE_RECOVERY_CODE =
  'update recovery_code set used_at = now() where user_id = $1 and code_hash = $2 and used_at is null returning true as used';
