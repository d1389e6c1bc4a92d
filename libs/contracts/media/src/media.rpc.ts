import { z } from 'zod';
import { command, Id, idList, query, textUpTo } from '@fowergram/contracts-core';
import { IMAGE_CONTENT_TYPES, MAX_ALT_TEXT_LENGTH, MAX_UPLOAD_BYTES, Media, MediaUpload } from './media.models.js';

/** So many media with all of their variants still fit well into one message. */
const MAX_MEDIA = 250;

const MAX_CONTENT_TYPE_LENGTH = 100;

/** Names that browsers, phones and file managers have for what is image/jpeg. */
const JPEG_ALIASES = ['image/jpg', 'image/pjpeg'];

/** What JSON Schema can say of the names, in whatever case. */
const CONTENT_TYPE_PATTERN = `^(${[...IMAGE_CONTENT_TYPES, ...JPEG_ALIASES]
  .map((name) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`))
  .join('|')})$`;

function toContentType(name: string): string {
  const lower = name.trim().toLowerCase();
  return JPEG_ALIASES.includes(lower) ? 'image/jpeg' : lower;
}

const ClaimPurpose = z.enum(['post', 'avatar']);
const PostVersion = z.number().int().min(1);

export const mediaRpc = {
  createUpload: command('media.upload.create', {
    input: z.object({
      ownerId: Id,
      contentType: z
        .string()
        .transform(toContentType)
        .pipe(z.enum(IMAGE_CONTENT_TYPES, { error: `contentType must be one of ${IMAGE_CONTENT_TYPES.join(', ')}.` }))
        .meta({ pattern: CONTENT_TYPE_PATTERN, maxLength: MAX_CONTENT_TYPE_LENGTH }),
      byteSize: z
        .number()
        .int()
        .min(1, { error: 'byteSize must be at least 1.' })
        .max(MAX_UPLOAD_BYTES, { error: `byteSize must be at most ${MAX_UPLOAD_BYTES}.` }),
      altText: textUpTo(MAX_ALT_TEXT_LENGTH, 'An alt text').nullish(),
    }),
    output: MediaUpload,
  }),
  /** Checks that the bytes are there and starts the processing; again is harmless and answers the state of now. */
  completeUpload: command('media.upload.complete', { input: z.object({ ownerId: Id, mediaId: Id }), output: Media }),
  /** No viewer is checked here: the caller has shown that its viewer may see what refers to these. With an owner, only theirs are found. */
  byIds: query('media.by-ids', {
    input: z.object({ ids: idList(MAX_MEDIA), ownerId: Id.nullish() }),
    output: z.array(Media),
  }),
  /**
   * Binds READY media of the owner to one use. The same claimId may claim again; another one gets CONFLICT.
   * Not the owner's or unknown: NOT_FOUND; not READY: CONFLICT with reason MEDIA_NOT_READY. `acceptsProcessing` also binds those that
   * will be READY soon, or rejected, which frees them.
   */
  claim: command('media.claim.add', {
    input: z.object({
      ownerId: Id,
      claimId: Id,
      purpose: ClaimPurpose,
      mediaIds: idList(10).min(1),
      acceptsProcessing: z.boolean().optional(),
    }),
    output: z.array(Media),
  }),
  /** Claims that nobody has confirmed for so long that their maker must have failed, oldest first. */
  unconfirmedClaims: query('media.claim.unconfirmed', {
    input: z.object({
      purpose: ClaimPurpose,
      olderThanSeconds: z.number().int().min(0),
      limit: z.number().int().min(1).max(1_000),
    }),
    output: z.array(Id),
  }),
  /** Reconciles claims: the confirmed stay for good, the media of the released are free again. */
  reconcileClaims: command('media.claim.reconcile', {
    input: z.object({ confirmed: idList(1_000), released: idList(1_000) }),
    output: z.object({}),
  }),
  /**
   * Hides the pictures of claims whose post is deleted or archived: within seconds no address that was given out leads to them. With a
   * version of the post, unless a newer one is known.
   */
  hideClaims: command('media.claim.hide', {
    input: z.object({ claimIds: idList(1_000), version: PostVersion.optional() }),
    output: z.object({}),
  }),
  /** Shows the pictures of a claim again, unless a newer version of its post is known. */
  showClaim: command('media.claim.show', {
    input: z.object({ claimId: Id, version: PostVersion }),
    output: z.object({}),
  }),
  /** Frees what a claim holds besides these media. */
  dropUnused: command('media.claim.drop', {
    input: z.object({ claimId: Id, mediaIds: idList(10) }),
    output: z.object({}),
  }),
  /** Ends claims whose post is erased: their pictures are removed within minutes. */
  eraseClaims: command('media.claim.erase', { input: z.object({ claimIds: idList(1_000) }), output: z.object({}) }),
  /** Says what claimed pictures show, for those who cannot see them; null when nobody says. */
  setAltTexts: command('media.alt-text.set', {
    input: z.object({
      claimId: Id,
      altTexts: z
        .array(z.object({ mediaId: Id, altText: textUpTo(MAX_ALT_TEXT_LENGTH, 'An alt text').nullable() }))
        .max(10),
    }),
    output: z.object({}),
  }),
  /** Hides whatever an owner has, or shows it again, unless a newer version of the account is known. */
  setOwnerHidden: command('media.owner.set-hidden', {
    input: z.object({ ownerId: Id, version: z.number().int().min(1), hidden: z.boolean() }),
    output: z.object({}),
  }),
  /** Erases media of an owner whose account is gone, rows and objects, some at a time: call again until `done`. */
  eraseOwned: command('media.owner.erase', {
    input: z.object({ ownerId: Id }),
    output: z.object({ done: z.boolean() }),
  }),
};
