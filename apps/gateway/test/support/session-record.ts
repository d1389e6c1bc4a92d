import type { Input, Output, Rpc } from '@fowergram/contracts-core';
import { type AccountState, sessionRpc } from '@fowergram/contracts-user';
import type { Answer } from './world.js';

type Revoked = Output<typeof sessionRpc.revoked>;

/** What the user service stores of sessions that have ended, in memory: it outlives gateways, Redis and NATS. */
export class SessionRecord {
  readonly revocations: Revoked['revocations'] = [];
  private readonly passwordChanges = new Map<string, string>();

  revoke({ handles }: Input<typeof sessionRpc.revoke>, revokedAt = new Date().toISOString()): void {
    const known = new Set(this.revocations.map(({ handle }) => handle));
    const added = handles.filter((handle) => !known.has(handle)).map((handle) => ({ handle, revokedAt }));
    this.revocations.push(...added);
  }

  revoked({ since, after = '', limit }: Input<typeof sessionRpc.revoked>): Revoked {
    const keyOf = (at: string, handle: string): string => `${at} ${handle}`;
    const found = this.revocations
      .filter(({ handle, revokedAt }) => since === null || keyOf(revokedAt, handle) > keyOf(since, after))
      .sort((a, b) => (keyOf(a.revokedAt, a.handle) < keyOf(b.revokedAt, b.handle) ? -1 : 1));
    return { revocations: found.slice(0, limit), hasMore: found.length > limit, asOf: new Date().toISOString() };
  }

  passwordChanged({ userId, at }: Input<typeof sessionRpc.passwordChanged>): void {
    this.passwordChanges.set(userId, at);
  }

  passwordOf(userId: string): Pick<AccountState, 'passwordChangedAt'> {
    const at = this.passwordChanges.get(userId);
    return at === undefined ? {} : { passwordChangedAt: at };
  }
}

/** Lets the record answer; a test that has let it be away lets it come back so. */
export async function answerSessions(
  { answer }: { answer: <C extends Rpc>(contract: C, handler: Answer<C>) => Promise<void> },
  record: SessionRecord,
): Promise<void> {
  await answer(sessionRpc.revoke, (input) => {
    record.revoke(input);
    return {};
  });
  await answer(sessionRpc.revoked, (input) => record.revoked(input));
  await answer(sessionRpc.passwordChanged, (input) => {
    record.passwordChanged(input);
    return {};
  });
}
