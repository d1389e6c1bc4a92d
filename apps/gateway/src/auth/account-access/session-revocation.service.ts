import { Injectable } from '@nestjs/common';
import { deleteUser, getUser } from 'supertokens-node';
import {
  getAllSessionHandlesForUser,
  getSessionInformation,
  revokeAllSessionsForUser,
  revokeMultipleSessions,
} from 'supertokens-node/recipe/session';
import { AppError, type Payload } from '@fowergram/contracts-core';
import { accountRpc, type Role, type userEvent } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { voidCodes } from '../login-methods/mailed-credentials.js';
import { isRestricted } from './account-state.rules.js';
import { AccountStateService } from './account-state.service.js';

/** How the SDK words an answer of the core that says: this will never work. A key can be mended, and load goes away. */
const CORE_REJECTED = /status code: 4(?!01|29)\d\d/;

type Change = Payload<typeof userEvent.accountChanged>;

/** Ends in the auth core what an account may not go on with. Doing it again is harmless. */
@Injectable()
export class SessionRevocationService {
  constructor(
    private readonly bus: Bus,
    private readonly accountStates: AccountStateService,
  ) {}

  /** Whoever is restricted now has no session at all; otherwise those end that are as old as the change, or tell of another role. */
  async revokeSessions({ userId, status, at }: Change): Promise<void> {
    const now = await this.accountStates.of(userId);
    await this.inCore(async () => {
      if (isRestricted(now.status)) return void (await revokeAllSessionsForUser(userId));
      const endedAt = status === 'ACTIVE' ? -Infinity : Date.parse(at);
      const over = await this.sessionsOf(
        userId,
        (session) => session.timeCreated <= endedAt || session.role !== now.role,
      );
      if (over.length > 0) await revokeMultipleSessions(over);
    });
  }

  async erase(userId: string): Promise<void> {
    await this.inCore(async () => {
      const emails = (await getUser(userId))?.emails ?? [];
      // Before the user: deleting one ends the sessions in the core, and says nothing of it to anybody.
      await revokeAllSessionsForUser(userId);
      // Before the user, whose addresses nobody knows afterwards; a code that is left would sign up whoever has it.
      for (const email of emails) await voidCodes(email);
      await deleteUser(userId);
      // And those that were asked for meanwhile.
      for (const email of emails) await voidCodes(email);
    });
    await this.bus.call(accountRpc.erasureDone, { userId, part: 'auth' });
  }

  private async sessionsOf(
    userId: string,
    isOver: (session: { timeCreated: number; role: Role }) => boolean,
  ): Promise<string[]> {
    const over: string[] = [];
    for (const handle of await getAllSessionHandlesForUser(userId)) {
      const session = await getSessionInformation(handle);
      if (
        session &&
        isOver({ timeCreated: session.timeCreated, role: roleOf(session.customClaimsInAccessTokenPayload) })
      )
        over.push(handle);
    }
    return over;
  }

  /** A core that is away comes back: such an event is tried again for as long as that takes, and never given up. */
  private async inCore(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (CORE_REJECTED.test((error as Error).message)) throw error;
      throw new AppError('UNAVAILABLE', 'The auth core does not answer.', {}, { cause: error });
    }
  }
}

const roleOf = (payload: unknown): Role => (payload as { role?: Role }).role ?? 'USER';
