import { Injectable } from '@nestjs/common';
import {
  getAllSessionHandlesForUser,
  getSessionInformation,
  revokeAllSessionsForUser,
  revokeMultipleSessions,
} from 'supertokens-node/recipe/session';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { isSignedIn, SecondFactorClaimService } from '../second-factor/second-factor-claim.service.js';
import type { Session } from './session.js';

/** As many as the login history is asked about at once. */
const BATCH_SIZE = 1_000;
/** Sessions that the history does not know cost a question each; they are few unless somebody stops half-way again and again. */
const MAX_UNKNOWN = 100;

/** A session, and where it comes from. */
export interface KnownSession extends Pick<SignIn, 'device' | 'ipAddress' | 'createdAt' | 'lastUsedAt'> {
  handle: string;
}

/** The sessions of one user: the core knows which there are, the login history where they come from. */
@Injectable()
export class AccountSessionsService {
  constructor(
    private readonly bus: Bus,
    private readonly secondFactor: SecondFactorClaimService,
  ) {}

  /** The live sessions, last used first. */
  async list(userId: string): Promise<KnownSession[]> {
    const handles = await getAllSessionHandlesForUser(userId);
    const sessions: KnownSession[] = [];
    for (let i = 0; i < handles.length; i += BATCH_SIZE) {
      const lines = await this.bus.call(signInRpc.bySessions, {
        userId,
        sessionHandles: handles.slice(i, i + BATCH_SIZE),
      });
      sessions.push(...lines.map((line) => ({ ...line, handle: line.sessionHandle! })));
    }
    const known = new Set(sessions.map(({ handle }) => handle));
    const unknown = await Promise.all(
      handles
        .filter((handle) => !known.has(handle))
        .slice(0, MAX_UNKNOWN)
        .map((handle) => this.unknown(handle)),
    );
    return [...sessions, ...unknown.flat()].sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** Ends one of the user's own sessions; any other is left alone. */
  async end(userId: string, handle: string): Promise<void> {
    const own = await getAllSessionHandlesForUser(userId);
    if (own.includes(handle)) await revokeMultipleSessions([handle]);
  }

  /** Ends all sessions but this one; answers which they were. */
  async endOthers({ userId, handle }: Session): Promise<string[]> {
    const others = (await getAllSessionHandlesForUser(userId)).filter((each) => each !== handle);
    if (others.length > 0) await revokeMultipleSessions(others);
    return others;
  }

  async endAll(userId: string): Promise<void> {
    await revokeAllSessionsForUser(userId);
  }

  /** Whoever is in must be seen, also when the history missed it; who has not shown the second factor is not in. */
  private async unknown(handle: string): Promise<KnownSession[]> {
    const session = await getSessionInformation(handle);
    if (!session || !isSignedIn(this.secondFactor.of(session.customClaimsInAccessTokenPayload) ?? 'off')) return [];
    const createdAt = new Date(session.timeCreated).toISOString();
    return [{ handle, device: 'Unknown device', ipAddress: '', createdAt, lastUsedAt: createdAt }];
  }
}
