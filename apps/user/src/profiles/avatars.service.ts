import { Injectable } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { Bus } from '@fowergram/messaging';
import { Every } from '@fowergram/service-kit';
import { ProfilesRepository } from './profiles.repository.js';

const RECONCILE_INTERVAL_MS = 60_000;
const BATCH_SIZE = 100;

/** Far longer than any update takes: an older claim belongs to an update that has succeeded or failed. */
const RECONCILE_AFTER_SECONDS = 600;

/** Keeps the claims that media holds for avatars equal to the profiles that use them. */
@Injectable()
export class AvatarsService {
  constructor(
    private readonly bus: Bus,
    private readonly profiles: ProfilesRepository,
  ) {}

  /** Binds a picture to its use as the owner's avatar; the media's own id is the claim, so claiming again is harmless. */
  async claim(ownerId: string, mediaId: string): Promise<void> {
    try {
      await this.bus.call(mediaRpc.claim, { ownerId, claimId: mediaId, purpose: 'avatar', mediaIds: [mediaId] });
    } catch (error) {
      throw atAvatar(error);
    }
  }

  /** Confirms the claims of avatars in use and releases those of updates that failed after their claim. */
  @Every(RECONCILE_INTERVAL_MS, 'reconcile avatar claims')
  async reconcileClaims(): Promise<void> {
    let claims: string[];
    do {
      claims = await this.bus.call(mediaRpc.unconfirmedClaims, {
        purpose: 'avatar',
        olderThanSeconds: RECONCILE_AFTER_SECONDS,
        limit: BATCH_SIZE,
      });
      if (claims.length === 0) return;
      const used = new Set(await this.profiles.avatarsAmong(claims));
      await this.bus.call(mediaRpc.reconcileClaims, {
        confirmed: claims.filter((id) => used.has(id)),
        released: claims.filter((id) => !used.has(id)),
      });
    } while (claims.length === BATCH_SIZE);
  }
}

/** The caller named the picture avatarMediaId: an error points there and not at a field of media's own contract. */
function atAvatar(error: unknown): unknown {
  if (!(error instanceof AppError) || !error.details.path) return error;
  return new AppError(error.code, error.message, { ...error.details, path: ['avatarMediaId'] }, { cause: error });
}
