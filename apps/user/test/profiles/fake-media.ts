import { AppError, type Parsed, notFound } from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import type { TestMessaging } from '@fowergram/testing';

/** The media service: pictures and the claims on them, with what its contract promises. */
export class FakeMedia {
  private readonly pictures = new Map<string, Media>();
  /** Every claim that was made, in order. */
  readonly claims: Parsed<typeof mediaRpc.claim>[] = [];
  /** Claims that nobody has confirmed or released. */
  readonly unconfirmed = new Set<string>();
  /** Owners whose pictures are hidden or shown, with the version of the account. */
  readonly owners = new Map<string, { version: number; hidden: boolean }>();
  readonly reconciled = { confirmed: [] as string[], released: [] as string[] };

  add(ownerId: string, status: Media['status'] = 'READY'): string {
    const id = newId();
    this.pictures.set(id, { ...PICTURE, id, ownerId, status, createdAt: new Date().toISOString() });
    return id;
  }

  async serve(messaging: TestMessaging): Promise<void> {
    await messaging.answer(mediaRpc.claim, (input) => this.claim(input));
    await messaging.answer(mediaRpc.unconfirmedClaims, ({ purpose, limit }) =>
      purpose === 'avatar' ? [...this.unconfirmed].slice(0, limit) : [],
    );
    await messaging.answer(mediaRpc.setOwnerHidden, ({ ownerId, version, hidden }) => {
      this.owners.set(ownerId, { version, hidden });
      return {};
    });
    await messaging.answer(mediaRpc.reconcileClaims, ({ confirmed, released }) => {
      for (const id of [...confirmed, ...released]) this.unconfirmed.delete(id);
      this.reconciled.confirmed.push(...confirmed);
      this.reconciled.released.push(...released);
      return {};
    });
  }

  private claim(input: Parsed<typeof mediaRpc.claim>): Media[] {
    const found = input.mediaIds.map((id, index) => {
      const media = this.pictures.get(id);
      const path = ['mediaIds', index];
      if (media?.ownerId !== input.ownerId) throw notFound('media', path);
      if (media.status !== 'READY')
        throw new AppError('CONFLICT', 'This media is not ready.', { path, reason: 'MEDIA_NOT_READY' });
      return media;
    });
    this.claims.push(input);
    this.unconfirmed.add(input.claimId);
    return found;
  }
}

const PICTURE = {
  kind: 'IMAGE' as const,
  rejectionCode: null,
  rejectionReason: null,
  altText: null,
  width: 100,
  height: 100,
  blurhash: null,
  variants: [],
  urlsExpireAt: null,
};
