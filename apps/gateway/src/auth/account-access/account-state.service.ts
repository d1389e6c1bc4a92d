import { Injectable } from '@nestjs/common';
import { accountRpc, type AccountState } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { isRestricted, forbiddenErrorFor } from './account-state.rules.js';

/** Asks the user service what an account may do. Whoever cannot be asked about does not come in: UNAVAILABLE. */
@Injectable()
export class AccountStateService {
  constructor(private readonly bus: Bus) {}

  of(userId: string): Promise<AccountState> {
    return this.bus.call(accountRpc.state, { userId });
  }

  /** The state of an account whose owner wants to sign in; throws FORBIDDEN with the reason for those who may not. */
  async admit(userId: string): Promise<AccountState> {
    const { status, ...rest } = await this.of(userId);
    if (isRestricted(status)) throw forbiddenErrorFor({ ...rest, status });
    return { ...rest, status };
  }

  /** Reactivates an account that its owner has deactivated. */
  async reactivate({ userId, status }: Pick<AccountState, 'userId' | 'status'>): Promise<void> {
    if (status === 'DEACTIVATED') await this.bus.call(accountRpc.reactivate, { userId });
  }
}
