import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Media, MediaVariant as MediaVariantModel } from '@fowergram/contracts-media';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';
import { MediaKind, MediaRejectionCode, MediaStatus } from './media-enums.types.js';

@ObjectType({ description: 'One size of a picture. It carries no metadata of the original.' })
export class MediaVariant implements MediaVariantModel {
  @Field({ description: 'Tells the sizes of one picture apart, such as w640.' })
  name: string;

  @Field({ description: 'Where the bytes are, for whoever has the address; it works until urlsExpireAt of the media.' })
  url: string;

  @Field(() => Int, { description: 'The width of this size in pixels.' })
  width: number;

  @Field(() => Int, { description: 'The height of this size in pixels.' })
  height: number;

  @Field({ description: 'The media type of the bytes, such as image/webp.' })
  contentType: string;

  @Field(() => Int, { description: 'How many bytes this size has.' })
  byteSize: number;
}

type Shown =
  | 'kind'
  | 'status'
  | 'rejectionCode'
  | 'rejectionReason'
  | 'width'
  | 'height'
  | 'blurhash'
  | 'altText'
  | 'variants'
  | 'urlsExpireAt';

@ObjectType('Media', {
  implements: () => [Node],
  description: 'A picture in several sizes, or an upload on its way to be one. By its id only its owner finds it.',
})
export class MediaType implements Pick<Media, Shown> {
  @Field(() => MediaKind, { description: 'What sort of media it is; so far pictures only.' })
  kind: Media['kind'];

  @Field(() => MediaStatus, { description: 'How far the upload has come; in a published post it is always READY.' })
  status: Media['status'];

  @Field(() => MediaRejectionCode, {
    nullable: true,
    description: 'Why the upload was refused, for programs; null unless REJECTED.',
  })
  rejectionCode: Media['rejectionCode'];

  @Field(() => String, {
    nullable: true,
    description: 'Why the upload was refused, in words for the user; null unless REJECTED.',
  })
  rejectionReason: string | null;

  @Field(() => Int, { nullable: true, description: 'Of the upright original, in pixels; null until READY.' })
  width: number | null;

  @Field(() => Int, { nullable: true, description: 'Of the upright original, in pixels; null until READY.' })
  height: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A blurred placeholder (blurha.sh) to show while the picture loads; null until READY.',
  })
  blurhash: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the picture shows, for those who cannot see it; null when nobody has said.',
  })
  altText: string | null;

  @Field(() => [MediaVariant], { description: 'The sizes that there are, smallest first; empty until READY.' })
  variants: MediaVariant[];

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The addresses of the variants work until then, one to two hours from now, unless the post or the account is hidden before: ask again for new ones. Null until READY.',
  })
  urlsExpireAt: string | null;
}

@ArgsType()
export class WidthArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'In pixels: the smallest variant that is at least this wide; the largest one if left out.',
  })
  width?: number | null;
}
