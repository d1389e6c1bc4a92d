import { Injectable } from '@nestjs/common';
import type { SessionClaimValidator, SessionContainer } from 'supertokens-node/recipe/session';
import { PrimitiveClaim } from 'supertokens-node/recipe/session/claims';
import type { AccountState } from '@fowergram/contracts-user';
import { AccountStateService } from '../account-access/account-state.service.js';

const KEY = '2fa';

/** off: none needed. pending: a code is asked for. enrol: the role demands one that is not set up. done: a code was given. */
export type SecondFactorProgress = 'off' | 'pending' | 'enrol' | 'done';

const AT_SIGN_IN = { OFF: 'off', ON: 'pending', REQUIRED: 'enrol' } as const;

/** Where a session of this account begins. */
export const progressAtSignIn = ({ secondFactor }: Pick<AccountState, 'secondFactor'>): SecondFactorProgress =>
  AT_SIGN_IN[secondFactor];

const SIGNED_IN: readonly SecondFactorProgress[] = ['off', 'done'];

export const isSignedIn = (progress: SecondFactorProgress | undefined): boolean =>
  progress !== undefined && SIGNED_IN.includes(progress);

/** The claim of a session that says how far the second factor is. A half-signed-in one may finish, sign out and refresh. */
@Injectable()
export class SecondFactorClaimService {
  private readonly claim: PrimitiveClaim<SecondFactorProgress>;

  constructor(accountStates: AccountStateService) {
    this.claim = new PrimitiveClaim({
      key: KEY,
      fetchValue: async (userId: string) => progressAtSignIn(await accountStates.of(userId)),
    });
  }

  /** Lets sessions of these states pass. One from before there was this claim gets it at its next request. */
  validator(allowed: readonly SecondFactorProgress[] = SIGNED_IN): SessionClaimValidator {
    return {
      id: KEY,
      claim: this.claim,
      shouldRefetch: (payload) => this.of(payload) === undefined,
      validate: async (payload) => {
        const actualValue = this.of(payload);
        if (actualValue !== undefined && allowed.includes(actualValue)) return { isValid: true };
        return {
          isValid: false,
          reason: { message: 'wrong value', expectedValue: [...allowed], actualValue: actualValue ?? null },
        };
      },
    };
  }

  /** The validators of all sessions, with these states in the place of those of signed-in users. */
  allowing(allowed: readonly SecondFactorProgress[]): (all: SessionClaimValidator[]) => SessionClaimValidator[] {
    return (all) => [...all.filter(({ id }) => id !== KEY), this.validator(allowed)];
  }

  /** The progress that an access token's payload tells. */
  of(payload: unknown): SecondFactorProgress | undefined {
    return this.claim.getValueFromPayload(payload as Parameters<typeof this.claim.getValueFromPayload>[0], {} as never);
  }

  /** What a new session's payload says of it. */
  payload(progress: SecondFactorProgress): Record<string, unknown> {
    return this.claim.addToPayload_internal({}, progress, {} as never);
  }

  /** Puts it into the session, and a new access token into the answer. */
  async set(session: SessionContainer, progress: SecondFactorProgress): Promise<void> {
    await session.setClaimValue(this.claim, progress);
  }
}
