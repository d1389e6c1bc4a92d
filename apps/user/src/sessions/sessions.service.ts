import { Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { sessionRpc } from '@fowergram/contracts-user';
import { SessionsRepository } from './sessions.repository.js';

type Revoked = typeof sessionRpc.revoked;

/** The record of what ended sessions, for gateways that start, or that did not hear of it. */
@Injectable()
export class SessionsService {
  constructor(private readonly sessions: SessionsRepository) {}

  async revoke({ handles }: Parsed<typeof sessionRpc.revoke>): Promise<Record<string, never>> {
    await this.sessions.revoke([...new Set(handles)].sort());
    return {};
  }

  async revoked({ since, after, limit }: Parsed<Revoked>): Promise<Output<Revoked>> {
    // Before the rows: what is written meanwhile is read next time.
    const asOf = await this.sessions.now();
    const rows = await this.sessions.revokedSince(since ?? '-infinity', after, limit + 1);
    const revocations = rows
      .slice(0, limit)
      .map(({ handle, revokedAt }) => ({ handle, revokedAt: revokedAt.toISOString() }));
    return { revocations, hasMore: rows.length > limit, asOf: asOf.toISOString() };
  }

  async passwordChanged({ userId, at }: Parsed<typeof sessionRpc.passwordChanged>): Promise<Record<string, never>> {
    await this.sessions.notePasswordChange(userId, new Date(at));
    return {};
  }
}
