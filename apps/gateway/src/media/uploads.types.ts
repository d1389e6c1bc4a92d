import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  IMAGE_CONTENT_TYPES,
  MAX_ALT_TEXT_LENGTH,
  MAX_UPLOAD_BYTES,
  type Media,
  type MediaUpload as MediaUploadModel,
} from '@fowergram/contracts-media';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { MediaType } from './media.types.js';

const BYTES = MAX_UPLOAD_BYTES.toLocaleString('en');

@ObjectType({ description: 'A field of the form, to send before the file.' })
export class UploadField {
  @Field({ description: 'The name of the field in the form.' })
  name: string;

  @Field({ description: 'What to send in it, as it is.' })
  value: string;
}

@ObjectType({
  description:
    'Where to send a file: straight to the object store, by a multipart/form-data POST of `fields`, then `file`, to `url`. Then call completeMediaUpload.',
})
export class MediaUpload implements Omit<MediaUploadModel, 'media'> {
  @Field(() => MediaType, { description: 'The media that the file becomes; it is AWAITING_UPLOAD.' })
  media: Media;

  @Field({ description: 'The address of the object store to send the form to.' })
  url: string;

  @Field(() => [UploadField], { description: 'All fields of the form but the file, which comes last.' })
  fields: UploadField[];

  @Field(() => DateTime, { description: 'The address takes a file until then: five minutes from now.' })
  expiresAt: string;
}

@InputType({ description: 'The file that you are about to send.' })
export class CreateMediaUploadInput {
  @Field({
    description: `One of ${IMAGE_CONTENT_TYPES.join(', ')}. The content is looked at again when it has arrived.`,
  })
  contentType: string;

  @Field(() => Int, { description: `Exactly as many bytes as will be sent: 1 to ${BYTES} (30 MiB).` })
  byteSize: number;

  @Field(() => String, {
    nullable: true,
    description: `What the picture shows, for those who cannot see it, up to ${MAX_ALT_TEXT_LENGTH} characters.`,
  })
  altText?: string | null;
}
