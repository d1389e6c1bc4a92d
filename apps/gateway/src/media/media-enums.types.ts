import { registerEnumType } from '@nestjs/graphql';
import {
  MediaRejectionCode as MediaRejectionCodeSchema,
  MediaStatus as MediaStatusSchema,
} from '@fowergram/contracts-media';

export const MediaKind = { IMAGE: 'IMAGE', VIDEO: 'VIDEO' } as const;
registerEnumType(MediaKind, {
  name: 'MediaKind',
  description: 'Whether media stand still or move.',
  valuesMap: {
    IMAGE: { description: 'A picture; of an animated one the first frame.' },
    VIDEO: { description: 'A film with or without sound. None can be uploaded yet.' },
  },
});

export const MediaStatus = MediaStatusSchema.enum;
registerEnumType(MediaStatus, {
  name: 'MediaStatus',
  description: 'How far an upload has come. It goes from top to bottom, and ends with READY or REJECTED.',
  valuesMap: {
    AWAITING_UPLOAD: {
      description:
        'The bytes have not been sent, or completeMediaUpload has not been called. It is forgotten after an hour.',
    },
    PROCESSING: { description: 'The bytes are being checked and resized, which takes a second or two.' },
    READY: {
      description:
        'Final: it can be used in a post or as an avatar. What is not used, not even in a draft, within 24 hours is forgotten.',
    },
    REJECTED: { description: 'Final: rejectionCode and rejectionReason say why. It is forgotten after 24 hours.' },
  },
});

export const MediaRejectionCode = MediaRejectionCodeSchema.enum;
registerEnumType(MediaRejectionCode, {
  name: 'MediaRejectionCode',
  description: 'Why an upload was refused. More codes may come.',
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
