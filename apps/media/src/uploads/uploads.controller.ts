import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Media, mediaRpc, type MediaUpload } from '@fowergram/contracts-media';
import { type Envelope, Handle } from '@fowergram/messaging';
import { UploadsService } from './uploads.service.js';

@Controller()
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Handle(mediaRpc.createUpload)
  create(input: Parsed<typeof mediaRpc.createUpload>, { idempotencyKey }: Envelope): Promise<MediaUpload> {
    return this.uploads.create(input, idempotencyKey);
  }

  @Handle(mediaRpc.completeUpload)
  complete(input: Parsed<typeof mediaRpc.completeUpload>, { idempotencyKey }: Envelope): Promise<Media> {
    return this.uploads.complete(input, idempotencyKey);
  }
}
