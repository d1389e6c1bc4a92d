import { ArgsType, Field, Int, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  Media,
  MediaUpload as MediaUploadModel,
  MediaVariant as MediaVariantModel,
} from '@fowergram/contracts-media';
import {
  MediaRejectionCode as MediaRejectionCodeSchema,
  MediaStatus as MediaStatusSchema,
} from '@fowergram/contracts-media';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

const MediaKind = { IMAGE: 'IMAGE', VIDEO: 'VIDEO' } as const;
registerEnumType(MediaKind, { name: 'MediaKind' });

const MediaStatus = MediaStatusSchema.enum;
registerEnumType(MediaStatus, {
  name: 'MediaStatus',
  valuesMap: {
    AWAITING_UPLOAD: { description: 'The bytes have not been sent, or completeMediaUpload has not been called.' },
    PROCESSING: { description: 'The bytes are being checked and resized.' },
    READY: { description: 'Final: it can be used in a post or as an avatar.' },
    REJECTED: { description: 'Final: see rejectionCode and rejectionReason.' },
  },
});

const MediaRejectionCode = MediaRejectionCodeSchema.enum;
registerEnumType(MediaRejectionCode, {
  name: 'MediaRejectionCode',
  valuesMap: {
    EMPTY: { description: 'The file has no bytes.' },
    NOT_A_PICTURE: { description: 'The bytes are no picture that is known here.' },
    FORMAT_NOT_ACCEPTED: { description: 'A picture, in a format that is not accepted (HEIC).' },
    TYPE_MISMATCH: { description: 'Another kind of picture than the announced contentType.' },
    SIZE_MISMATCH: { description: 'Another number of bytes than the announced byteSize.' },
    TOO_MANY_PIXELS: { description: 'More than 52 million pixels.' },
    DAMAGED: { description: 'The picture cannot be decoded to its end.' },
    UPLOAD_LOST: { description: 'The object store has lost the upload: send it again.' },
    NOT_PROCESSED: { description: 'The picture could be read, but no variants could be made of it.' },
  },
});

@ObjectType({ description: 'One size of a picture. It carries no metadata of the original.' })
export class MediaVariant implements MediaVariantModel {
  @Field()
  name: string;

  @Field()
  url: string;

  @Field(() => Int)
  width: number;

  @Field(() => Int)
  height: number;

  @Field()
  contentType: string;

  @Field(() => Int)
  byteSize: number;
}

@ObjectType('Media', { implements: () => [Node], description: 'A picture.' })
export class MediaType implements Pick<
  Media,
  | 'kind'
  | 'status'
  | 'rejectionCode'
  | 'rejectionReason'
  | 'width'
  | 'height'
  | 'blurhash'
  | 'altText'
  | 'variants'
  | 'urlsExpireAt'
> {
  @Field(() => MediaKind)
  kind: Media['kind'];

  @Field(() => MediaStatus)
  status: Media['status'];

  @Field(() => MediaRejectionCode, { nullable: true, description: 'Why the upload was refused, for programs.' })
  rejectionCode: Media['rejectionCode'];

  @Field(() => String, { nullable: true, description: 'Why the upload was refused, in words for the user.' })
  rejectionReason: string | null;

  @Field(() => Int, { nullable: true, description: 'Of the upright original, in pixels; null until READY.' })
  width: number | null;

  @Field(() => Int, { nullable: true })
  height: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A blurred placeholder (blurha.sh) to show while the picture loads.',
  })
  blurhash: string | null;

  @Field(() => String, { nullable: true, description: 'What the picture shows, for those who cannot see it.' })
  altText: string | null;

  @Field(() => [MediaVariant], { description: 'Smallest first; empty until READY.' })
  variants: MediaVariant[];

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The addresses of the variants work until then, unless the post or the account is hidden before: ask again for new ones. Null until READY.',
  })
  urlsExpireAt: string | null;
}

@ObjectType({ description: 'A field to send before the file.' })
export class UploadField {
  @Field()
  name: string;

  @Field()
  value: string;
}

@ObjectType({
  description:
    'Send the bytes straight to the object store: a multipart/form-data POST of `fields`, then `file`, to `url`.',
})
export class MediaUpload implements Omit<MediaUploadModel, 'media'> {
  @Field(() => MediaType)
  media: Media;

  @Field()
  url: string;

  @Field(() => [UploadField])
  fields: UploadField[];

  @Field(() => DateTime, { description: 'The address works until then.' })
  expiresAt: string;
}

@InputType()
export class CreateMediaUploadInput {
  @Field({
    description:
      'image/jpeg, image/png, image/webp, image/gif or image/avif. The content is looked at again when it has arrived.',
  })
  contentType: string;

  @Field(() => Int, { description: 'Exactly as many bytes as will be sent; at most 30 MiB.' })
  byteSize: number;

  @Field(() => String, { nullable: true })
  altText?: string | null;
}

@ArgsType()
export class WidthArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'The smallest variant that is at least this wide; the largest one if left out.',
  })
  width?: number | null;
}
