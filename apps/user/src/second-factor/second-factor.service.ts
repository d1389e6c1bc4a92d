import { Inject, Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { secondFactorRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { CodeCheckService, type GivenCode } from './code-check.service.js';
import { SecondFactorRepository } from './second-factor.repository.js';
import { accountDeleted, base32Of, isOn, plain, requireNotBlocked, uriOf } from './second-factor.rules.js';
import { SecondFactorCryptoService } from './second-factor-crypto.service.js';

type RecoveryCodes = Output<typeof secondFactorRpc.renewRecoveryCodes>;

@Injectable()
export class SecondFactorService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: Database,
    private readonly factors: SecondFactorRepository,
    private readonly crypto: SecondFactorCryptoService,
    private readonly codes: CodeCheckService,
  ) {}

  async start({
    userId,
    accountName,
  }: Parsed<typeof secondFactorRpc.start>): Promise<Output<typeof secondFactorRpc.start>> {
    const secret = this.crypto.newSecret();
    await this.db.transaction(async (tx) => {
      if (await this.factors.isOfDeletedAccount(tx, userId)) throw accountDeleted();
      const factor = await this.factors.lock(tx, userId);
      if (factor?.confirmedAt) throw isOn();
      if (factor) requireNotBlocked(factor, new Date());
      if (!(await this.factors.putUnconfirmed(tx, userId, this.crypto.encrypt(userId, secret)))) throw isOn();
    });
    return { secret: base32Of(secret), uri: uriOf(secret, this.config.APP_NAME, accountName) };
  }

  confirm(given: GivenCode): Promise<RecoveryCodes> {
    return this.codes.accept(given, 'UNCONFIRMED', async (tx) => {
      await this.factors.confirm(tx, given.userId);
      return this.issueRecoveryCodes(tx, given.userId);
    });
  }

  check(given: GivenCode): Promise<Output<typeof secondFactorRpc.check>> {
    return this.codes.accept(given, 'ON', async (tx, { usedRecoveryCode }) => ({
      usedRecoveryCode,
      recoveryCodesLeft: await this.factors.recoveryCodesLeft(tx, given.userId),
    }));
  }

  renewRecoveryCodes(given: GivenCode): Promise<RecoveryCodes> {
    return this.codes.accept(given, 'ON', (tx) => this.issueRecoveryCodes(tx, given.userId));
  }

  async remove(given: GivenCode): Promise<Record<string, never>> {
    await this.codes.accept(given, 'ON', (tx) => this.factors.remove(tx, given.userId));
    return {};
  }

  private async issueRecoveryCodes(tx: Tx, userId: string): Promise<RecoveryCodes> {
    const recoveryCodes = this.crypto.newRecoveryCodes();
    await this.factors.replaceRecoveryCodes(
      tx,
      userId,
      recoveryCodes.map((code) => this.crypto.hashOf(userId, plain(code))),
    );
    return { recoveryCodes };
  }
}
