import { ArgsType, Field, Int, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  Media,
  MediaUpload as MediaUploadModel,
  MediaVariant as MediaVariantModel,
} from '@fowergram/contracts-media';
import { MediaStatus as MediaStatusSchema } from '@fowergram/contracts-media';
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
    REJECTED: { description: 'Final: see rejectionReason.' },
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
  'kind' | 'status' | 'rejectionReason' | 'width' | 'height' | 'blurhash' | 'altText' | 'variants'
> {
  @Field(() => MediaKind)
  kind: Media['kind'];

  @Field(() => MediaStatus)
  status: Media['status'];

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
