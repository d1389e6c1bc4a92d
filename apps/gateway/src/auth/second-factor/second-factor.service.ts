import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { getUser } from 'supertokens-node';
import type { SessionContainer } from 'supertokens-node/recipe/session';
import { AppError, type Output } from '@fowergram/contracts-core';
import { secondFactorRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { AccountSessionsService } from '../sessions/account-sessions.service.js';
import { clientOf } from '../supertokens/request-client.js';
import { SecurityEmailsService } from '../mail/security-emails.service.js';
import { ReauthenticationService } from '../account-access/reauthentication.service.js';
import {
  progressAtSignIn,
  SecondFactorClaimService,
  type SecondFactorProgress,
} from './second-factor-claim.service.js';
import { toSession } from '../sessions/session.js';
import { type CompletedSignIn, SignInCompletionService } from '../sign-in-history/sign-in-completion.service.js';
import { SignInHistoryClient } from '../sign-in-history/sign-in-history.client.js';
import { AccountStateService } from '../account-access/account-state.service.js';

type RecoveryCodes = Output<typeof secondFactorRpc.confirm>;

/** The second factor of the user whose session this is: the user service stores it, the session says how far it is. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly bus: Bus,
    private readonly accountStates: AccountStateService,
    private readonly claim: SecondFactorClaimService,
    private readonly reauthentication: ReauthenticationService,
    private readonly sessions: AccountSessionsService,
    private readonly completion: SignInCompletionService,
    private readonly signInHistory: SignInHistoryClient,
    private readonly securityEmails: SecurityEmailsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async status(session: SessionContainer): Promise<{ state: SecondFactorProgress; enrolled: boolean }> {
    const accountState = await this.accountStates.of(session.getUserId());
    return {
      state: this.progressOf(session) ?? progressAtSignIn(accountState),
      enrolled: accountState.secondFactor === 'ON',
    };
  }

  async enrol(session: SessionContainer, password: string | undefined): Promise<Output<typeof secondFactorRpc.start>> {
    // A session that is in use may have been left open for somebody else; one that waits for this has just begun.
    if (this.progressOf(session) !== 'enrol') await this.reauthenticate(session, password);
    const userId = session.getUserId();
    const accountName = (await getUser(userId))?.emails[0] ?? userId;
    return this.bus.call(secondFactorRpc.start, { userId, accountName });
  }

  /** The recovery codes are shown this once: whatever else fails afterwards, they must reach their owner. */
  async confirm(session: SessionContainer, code: string, request: FastifyRequest): Promise<RecoveryCodes> {
    const userId = session.getUserId();
    const codes = await this.bus.call(secondFactorRpc.confirm, { userId, code });
    const owed = this.progressOf(session) === 'enrol';
    const after = [
      this.sessions.endOthers(toSession(session)),
      owed ? this.finish(session, request) : this.claim.set(session, 'done'),
    ];
    for (const each of await Promise.allSettled(after))
      if (each.status === 'rejected')
        this.log.error({ err: each.reason as unknown, userId }, 'second factor is on, but not everything followed');
    this.securityEmails.secondFactorOn(userId);
    return codes;
  }

  /** Completes a sign-in. Asked again after an answer that was lost, it answers the same. */
  async verify(session: SessionContainer, code: string, request: FastifyRequest): Promise<void> {
    if (this.progressOf(session) === 'done') return;
    const userId = session.getUserId();
    const { usedRecoveryCode, recoveryCodesLeft } = await this.check(session, code, request);
    await this.finish(session, request);
    if (usedRecoveryCode) this.securityEmails.recoveryCodeUsed(userId, recoveryCodesLeft);
  }

  renewRecoveryCodes(session: SessionContainer, code: string): Promise<RecoveryCodes> {
    return this.bus.call(secondFactorRpc.renewRecoveryCodes, { userId: session.getUserId(), code });
  }

  async disable(session: SessionContainer, code: string): Promise<void> {
    const userId = session.getUserId();
    await this.bus.call(secondFactorRpc.remove, { userId, code });
    this.securityEmails.secondFactorOff(userId);
    await this.claim.set(session, progressAtSignIn(await this.accountStates.of(userId)));
  }

  private progressOf(session: SessionContainer): SecondFactorProgress | undefined {
    return this.claim.of(session.getAccessTokenPayload());
  }

  private async reauthenticate(session: SessionContainer, password: string | undefined): Promise<void> {
    if (await this.reauthentication.isYoung(toSession(session))) return;
    if (password === undefined)
      throw new AppError('FORBIDDEN', 'Please enter your password, or sign in again.', { reason: 'REAUTHENTICATE' });
    await this.reauthentication.require(toSession(session), password, ['password']);
  }

  private async check(
    session: SessionContainer,
    code: string,
    request: FastifyRequest,
  ): Promise<Output<typeof secondFactorRpc.check>> {
    const userId = session.getUserId();
    try {
      return await this.bus.call(secondFactorRpc.check, { userId, code });
    } catch (error) {
      if (error instanceof AppError && error.details.reason === 'WRONG_CODE') {
        await this.signInHistory.record({
          userId,
          client: clientOf(request),
          method: (await signInOf(session)).method,
          outcome: 'WRONG_CODE',
          sessionHandle: null,
        });
      }
      throw error;
    }
  }

  /** A ban that comes after the question ends the session, and then there is nothing to put the claim into. */
  private async finish(session: SessionContainer, request: FastifyRequest): Promise<void> {
    const userId = session.getUserId();
    const [accountState, signIn] = await Promise.all([this.accountStates.admit(userId), signInOf(session)]);
    await this.accountStates.reactivate(accountState);
    await this.claim.set(session, 'done');
    await this.completion.complete({ userId, handle: session.getHandle(), ...signIn }, request);
  }
}

/** How the sign-in began that is finished now. */
async function signInOf(session: SessionContainer): Promise<Omit<CompletedSignIn, 'userId' | 'handle'>> {
  const { signIn } = (await session.getSessionDataFromDatabase()) as {
    signIn?: Omit<CompletedSignIn, 'userId' | 'handle'>;
  };
  return signIn ?? { method: null, outcome: 'SIGNED_IN' };
}
