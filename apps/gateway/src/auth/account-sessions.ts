import { Inject, Injectable } from '@nestjs/common';
import { getAllSessionHandlesForUser, revokeAllSessionsForUser, revokeMultipleSessions } from 'supertokens-node/recipe/session';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import type { Session } from './session.js';

/** The sessions of one person: the core knows which there are, the login history where they come from. */
@Injectable()
export class AccountSessions {
  constructor(@Inject(Bus) private readonly bus: Bus) {}

  /** The live sessions, last used first. */
  async list(userId: string): Promise<SignIn[]> {
    const sessionHandles = await getAllSessionHandlesForUser(userId);
    const lines = await this.bus.call(signInRpc.bySessions, { userId, sessionHandles });
    return lines.sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** Ends one of the person's own sessions; any other is left alone. */
  async end(userId: string, handle: string): Promise<void> {
    const own = await getAllSessionHandlesForUser(userId);
    if (own.includes(handle)) await revokeMultipleSessions([handle]);
  }

  /** Ends all sessions but this one; answers how many. */
  async endOthers({ userId, handle }: Session): Promise<number> {
    const others = (await getAllSessionHandlesForUser(userId)).filter((each) => each !== handle);
    if (others.length > 0) await revokeMultipleSessions(others);
    return others.length;
  }

  async endAll(userId: string): Promise<void> {
    await revokeAllSessionsForUser(userId);
  }
}
