import { AppError, notFound } from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { accountRpc, mentionRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import type { TestMessaging } from '@fowergram/testing';

/** The user service, with the follows that a test gives it. */
export class FakeUsers {
  private readonly followees = new Map<string, Set<string>>();
  /** How many followers one page has; small, so that few users make many pages. */
  pageSize = Infinity;
  /** Accounts that are not ACTIVE. */
  readonly hidden = new Set<string>();
  /** Whose erasure was reported, once for each report. */
  readonly erased: string[] = [];
  /** While set, every request fails with this error. */
  failure: AppError | undefined;
  followeeIdsAsked = 0;
  /** Who has a username, in lower case. */
  readonly names = new Map<string, string>();
  namesAsked = 0;
  /** Runs after an answer was made and before it is sent. */
  afterFolloweeIds: (() => Promise<void>) | undefined;

  follow(followerId: string, followeeId: string): void {
    const set = this.followees.get(followerId) ?? new Set();
    this.followees.set(followerId, set.add(followeeId));
  }

  unfollow(followerId: string, followeeId: string): void {
    this.followees.get(followerId)?.delete(followeeId);
  }

  followeesOf(userId: string): string[] {
    return [...(this.followees.get(userId) ?? [])];
  }

  followersOf(userId: string): string[] {
    return [...this.followees].flatMap(([follower, set]) => (set.has(userId) ? [follower] : [])).sort();
  }

  async serve(messaging: TestMessaging): Promise<void> {
    await messaging.answer(userRpc.followeeIds, async ({ userId }) => {
      if (this.failure) throw this.failure;
      this.followeeIdsAsked += 1;
      const ids = this.followeesOf(userId);
      await this.afterFolloweeIds?.();
      return { ids };
    });
    await messaging.answer(mentionRpc.resolve, ({ names }) => {
      if (this.failure) throw this.failure;
      this.namesAsked += 1;
      return names.flatMap((name) => (this.names.has(name) ? { name, userId: this.names.get(name)! } : []));
    });
    await messaging.answer(userRpc.profilesByIds, ({ ids }) => {
      if (this.failure) throw this.failure;
      return ids.flatMap((id) => (this.hidden.has(id) ? [] : { ...PROFILE, id }));
    });
    await messaging.answer(accountRpc.erasureDone, ({ userId, part }) => {
      if (this.failure) throw this.failure;
      if (part === 'post') this.erased.push(userId);
      return {};
    });
    await messaging.answer(userRpc.followerIds, ({ userId, afterId, limit }) => {
      if (this.failure) throw this.failure;
      const rest = this.followersOf(userId).filter((id) => !afterId || id > afterId);
      const ids = rest.slice(0, Math.min(limit, this.pageSize));
      return { ids, hasMore: rest.length > ids.length };
    });
  }
}

/** The media service: pictures and the claims on them, with what the contract promises. */
export class FakeMedia {
  private readonly pictures = new Map<string, Media>();
  private readonly claimedBy = new Map<string, string>();
  readonly unconfirmed = new Map<string, number>();
  readonly reconciled = { confirmed: [] as string[], released: [] as string[] };
  /** Claims whose pictures are removed, once for each time that it was asked. */
  readonly erased: string[] = [];
  readonly altTexts = new Map<string, string | null>();
  /** Claims whose pictures are hidden. */
  readonly hidden = new Set<string>();
  /** Runs after a claim was made and before it is answered. */
  afterClaim: (() => Promise<void>) | undefined;
  failure: AppError | undefined;

  add(ownerId: string, status: Media['status'] = 'READY'): string {
    const id = newId();
    this.pictures.set(id, { ...PICTURE, id, ownerId, status, createdAt: new Date().toISOString() });
    return id;
  }

  /** Gives a picture an alt text. */
  caption(id: string, altText: string): void {
    this.pictures.set(id, { ...this.pictures.get(id)!, altText });
  }

  /** Ends the processing of a picture; a rejection frees it. */
  endProcessing(id: string, status: 'READY' | 'REJECTED'): void {
    this.pictures.set(id, { ...this.pictures.get(id)!, status });
    if (status === 'REJECTED') this.claimedBy.delete(id);
  }

  isClaimed(id: string): boolean {
    return this.claimedBy.has(id);
  }

  /** Lets every claim look as old as this. */
  ageClaims(seconds: number): void {
    for (const id of this.unconfirmed.keys()) this.unconfirmed.set(id, Date.now() - seconds * 1_000);
  }

  async serve(messaging: TestMessaging): Promise<void> {
    await messaging.answer(mediaRpc.claim, async ({ ownerId, claimId, mediaIds, acceptsProcessing }) => {
      if (this.failure) throw this.failure;
      const found = mediaIds.map((id, index) =>
        this.claimable(ownerId, claimId, id, ['mediaIds', index], acceptsProcessing ?? false),
      );
      for (const { id } of found) this.claimedBy.set(id, claimId);
      this.unconfirmed.set(claimId, Date.now());
      await this.afterClaim?.();
      return found;
    });
    await messaging.answer(mediaRpc.byIds, ({ ids }) => ids.flatMap((id) => this.pictures.get(id) ?? []));
    await messaging.answer(mediaRpc.hideClaims, ({ claimIds }) => {
      if (this.failure) throw this.failure;
      for (const id of claimIds) this.hidden.add(id);
      return {};
    });
    await messaging.answer(mediaRpc.showClaim, ({ claimId }) => {
      if (this.failure) throw this.failure;
      this.hidden.delete(claimId);
      return {};
    });
    await messaging.answer(mediaRpc.dropUnused, ({ claimId, mediaIds }) => {
      for (const [id, by] of this.claimedBy) if (by === claimId && !mediaIds.includes(id)) this.claimedBy.delete(id);
      return {};
    });
    await messaging.answer(mediaRpc.eraseClaims, ({ claimIds }) => {
      if (this.failure) throw this.failure;
      this.erased.push(...claimIds);
      return {};
    });
    await messaging.answer(mediaRpc.setAltTexts, ({ claimId, altTexts }) => {
      for (const { mediaId, altText } of altTexts)
        if (this.claimedBy.get(mediaId) === claimId) this.altTexts.set(mediaId, altText);
      return {};
    });
    await messaging.answer(mediaRpc.unconfirmedClaims, ({ purpose, olderThanSeconds, limit }) => {
      const old = [...this.unconfirmed].filter(
        ([, at]) => purpose === 'post' && at <= Date.now() - olderThanSeconds * 1_000,
      );
      return old.slice(0, limit).map(([id]) => id);
    });
    await messaging.answer(mediaRpc.reconcileClaims, ({ confirmed, released }) => {
      for (const id of [...confirmed, ...released]) this.unconfirmed.delete(id);
      for (const [mediaId, claimId] of this.claimedBy) if (released.includes(claimId)) this.claimedBy.delete(mediaId);
      this.reconciled.confirmed.push(...confirmed);
      this.reconciled.released.push(...released);
      return {};
    });
  }

  private claimable(
    ownerId: string,
    claimId: string,
    id: string,
    path: (string | number)[],
    acceptsProcessing: boolean,
  ): Media {
    const media = this.pictures.get(id);
    if (media?.ownerId !== ownerId) throw notFound('media', path);
    if (media.status !== 'READY' && !(acceptsProcessing && media.status === 'PROCESSING'))
      throw new AppError('CONFLICT', 'This media is not ready.', { path, reason: 'MEDIA_NOT_READY' });
    const claimed = this.claimedBy.get(id);
    if (claimed && claimed !== claimId)
      throw new AppError('CONFLICT', 'This media is in use.', { path, reason: 'MEDIA_IN_USE' });
    return media;
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

const PROFILE = {
  username: 'somebody',
  displayName: '',
  bio: '',
  avatarMediaId: null,
  links: [],
  isVerified: false,
  showsFollowLists: true,
  role: 'USER' as const,
  isPrivate: false,
  createdAt: '2026-11-21T09:30:00.000Z',
};
