import { z } from 'zod';
import { Id, Timestamp } from '@fowergram/contracts-core';

export const MediaStatus = z.enum(['AWAITING_UPLOAD', 'PROCESSING', 'READY', 'REJECTED']);
export type MediaStatus = z.output<typeof MediaStatus>;

/** Why a picture was refused, for programs. */
export const MediaRejectionCode = z.enum([
  'EMPTY',
  'NOT_A_PICTURE',
  'FORMAT_NOT_ACCEPTED',
  'TYPE_MISMATCH',
  'SIZE_MISMATCH',
  'TOO_MANY_PIXELS',
  'DAMAGED',
  'UPLOAD_LOST',
  'NOT_PROCESSED',
]);
export type MediaRejectionCode = z.output<typeof MediaRejectionCode>;

/** Why a picture was refused: for programs, and in words for the user who sent it. */
export interface MediaRejection {
  code: MediaRejectionCode;
  reason: string;
}

/** What may be uploaded; the content is sniffed again whatever the client says. */
export const IMAGE_CONTENT_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const;
export const MAX_UPLOAD_BYTES = 30 * 1024 * 1024;
export const MAX_ALT_TEXT_LENGTH = 1_000;

export const MediaVariant = z.object({
  name: z.string(),
  url: z.string(),
  width: z.number(),
  height: z.number(),
  contentType: z.string(),
  byteSize: z.number(),
});
export type MediaVariant = z.output<typeof MediaVariant>;

export const Media = z.object({
  id: Id,
  ownerId: Id,
  kind: z.enum(['IMAGE', 'VIDEO']),
  status: MediaStatus,
  rejectionCode: MediaRejectionCode.nullable(),
  rejectionReason: z.string().nullable(),
  altText: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  blurhash: z.string().nullable(),
  /** Smallest first; empty until READY. */
  variants: z.array(MediaVariant),
  /** When the addresses of the variants end; null until READY. */
  urlsExpireAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type Media = z.output<typeof Media>;

/** A presigned POST: the client sends `fields`, then the file, as multipart/form-data to `url`. */
export const MediaUpload = z.object({
  media: Media,
  url: z.string(),
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
  expiresAt: Timestamp,
});
export type MediaUpload = z.output<typeof MediaUpload>;
