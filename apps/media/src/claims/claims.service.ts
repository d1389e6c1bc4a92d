import { Injectable } from '@nestjs/common';
import { AppError, type Parsed } from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { Database, type Sql } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { MediaService } from '../media/media.service.js';
import { ClaimsRepository } from './claims.repository.js';
import { findClaimError } from './claims.rules.js';

type ClaimInput = Parsed<typeof mediaRpc.claim>;
type UnconfirmedInput = Parsed<typeof mediaRpc.unconfirmedClaims>;
type ReconcileInput = Parsed<typeof mediaRpc.reconcileClaims>;

/** Longer than the deadline of a write: who claimed within it may still be about to write down what refers to the media. */
const AT_WORK_SECONDS = 10;

@Injectable()
export class ClaimsService {
  constructor(
    private readonly db: Database,
    private readonly claims: ClaimsRepository,
    private readonly media: MediaService,
  ) {}

  /** The claim's id makes it idempotent by itself; a key is stored as well where the caller gives one. */
  async claim(input: ClaimInput, idempotencyKey: string | undefined): Promise<Media[]> {
    if (!idempotencyKey) return this.claimWith(input, this.db);
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mediaRpc.claim, input, () => this.claimWith(input, tx)),
    );
  }

  unconfirmed({ purpose, olderThanSeconds, limit }: UnconfirmedInput): Promise<string[]> {
    return this.claims.unconfirmed(purpose, olderThanSeconds, limit);
  }

  async reconcile(input: ReconcileInput, idempotencyKey: string | undefined): Promise<Record<string, never>> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mediaRpc.reconcileClaims, input, async () => {
        await this.claims.confirm(tx, input.confirmed);
        await this.claims.release(tx, input.released, AT_WORK_SECONDS);
        return {};
      }),
    );
  }

  async dropUnused({ claimId, mediaIds }: Parsed<typeof mediaRpc.dropUnused>): Promise<Record<string, never>> {
    await this.claims.dropUnused(claimId, mediaIds);
    return {};
  }

  async erase({ claimIds }: Parsed<typeof mediaRpc.eraseClaims>): Promise<Record<string, never>> {
    await this.claims.erase(claimIds);
    return {};
  }

  async setAltTexts({ claimId, altTexts }: Parsed<typeof mediaRpc.setAltTexts>): Promise<Record<string, never>> {
    await this.claims.setAltTexts(claimId, altTexts);
    for (const { mediaId } of altTexts) this.media.invalidate(mediaId);
    return {};
  }

  private async claimWith(input: ClaimInput, sql: Sql): Promise<Media[]> {
    const found = await this.claims.claim(input, sql);
    const rows = new Map(found.map((row) => [row.id, row]));
    const error = findClaimError(input, rows);
    if (error) throw error;
    if (found.some((row) => !row.claimed)) throw new AppError('INTERNAL', 'A valid claim was not made.');
    return input.mediaIds.map((id) => this.media.show(rows.get(id)!));
  }
}
