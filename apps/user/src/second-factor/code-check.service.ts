import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { SecondFactorRepository, type SecondFactorRow } from './second-factor.repository.js';
import { isOff, isOn, isTotp, plain, requireNotBlocked, stepOf, wrongCode } from './second-factor.rules.js';
import { SecondFactorCryptoService } from './second-factor-crypto.service.js';

export interface GivenCode {
  userId: string;
  code: string;
}

export interface Proof {
  usedRecoveryCode: boolean;
  lastStep: number;
}

/** Checks codes: each is accepted once, and after a few wrong ones none is looked at for a while. */
@Injectable()
export class CodeCheckService {
  constructor(
    private readonly db: Database,
    private readonly factors: SecondFactorRepository,
    private readonly crypto: SecondFactorCryptoService,
  ) {}

  /** Runs `effect` in the transaction that accepts the code of a second factor that is on, or is about to be. */
  async accept<T>(
    given: GivenCode,
    state: 'ON' | 'UNCONFIRMED',
    effect: (tx: Tx, proof: Proof) => Promise<T>,
  ): Promise<T> {
    const accepted = await this.db.transaction(async (tx) => {
      const now = new Date();
      const factor = inState(await this.factors.lock(tx, given.userId), state);
      requireNotBlocked(factor, now);
      const proof = await this.check(tx, factor, plain(given.code), now);
      if (proof) {
        await this.factors.recordSuccess(tx, given.userId, proof.lastStep);
        return { result: await effect(tx, proof) };
      }
      await this.factors.recordFailure(tx, given.userId, now);
      return undefined;
    });
    // Thrown after the commit: inside, the roll-back would undo the recorded failure.
    if (!accepted) throw wrongCode();
    return accepted.result;
  }

  private async check(tx: Tx, factor: SecondFactorRow, code: string, now: Date): Promise<Proof | undefined> {
    // Decrypted for recovery codes too: under another key they would all look wrong, and count.
    const secret = this.crypto.decrypt(factor.userId, factor.secret);
    if (isTotp(code)) {
      const lastStep = stepOf(secret, code, now, factor.lastStep);
      return lastStep === undefined ? undefined : { usedRecoveryCode: false, lastStep };
    }
    const isUsed = await this.factors.useRecoveryCode(tx, factor.userId, this.crypto.hashOf(factor.userId, code));
    return isUsed ? { usedRecoveryCode: true, lastStep: factor.lastStep } : undefined;
  }
}

function inState(factor: SecondFactorRow | undefined, state: 'ON' | 'UNCONFIRMED'): SecondFactorRow {
  if (!factor) throw isOff();
  if (state === 'UNCONFIRMED' && factor.confirmedAt) throw isOn();
  if (state === 'ON' && !factor.confirmedAt) throw isOff();
  return factor;
}
