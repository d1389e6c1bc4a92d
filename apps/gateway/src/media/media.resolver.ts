import { Args, Context, ID, Info, Mutation, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Media, mediaRpc, type MediaUpload as MediaUploadModel } from '@fowergram/contracts-media';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { openMediaStream } from './media-stream.js';
import { MediaType, WidthArgs } from './media.types.js';
import { CreateMediaUploadInput, MediaUpload } from './uploads.types.js';

@Resolver(() => MediaType)
export class MediaResolver {
  @Mutation(() => MediaUpload, {
    description: 'The first step of an upload: asks for an address to send the bytes to.',
  })
  createMediaUpload(
    @ViewerId() ownerId: string,
    @Args('input', { description: 'The file to come.' }) { contentType, byteSize, altText }: CreateMediaUploadInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MediaUploadModel> {
    // The contract's closed list is checked with the rest of the input; a client's text is not one of its values yet.
    const input = { ownerId, contentType: contentType as 'image/jpeg', byteSize, altText };
    return context.command(info, mediaRpc.createUpload, input, inInput);
  }

  @Mutation(() => MediaType, {
    description: 'The last step of an upload: says that the bytes are there. Follow the processing with mediaUpdated.',
  })
  completeMediaUpload(
    @ViewerId() ownerId: string,
    @Args('mediaId', {
      type: () => ID,
      description: 'Media of your own; others are NOT_FOUND. Bytes that have not come are CONFLICT (UPLOAD_MISSING).',
    })
    mediaId: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Media> {
    return context.command(info, mediaRpc.completeUpload, { ownerId, mediaId: parseId('media', mediaId, ['mediaId']) });
  }

  @Subscription(() => MediaType, {
    description:
      'An upload of your own on its way to READY or REJECTED, beginning with its state of now; it ends there.',
    resolve: (media: Media) => media,
  })
  mediaUpdated(
    @ViewerId() ownerId: string,
    @Args('mediaId', { type: () => ID, description: 'Media of your own; others are NOT_FOUND.' }) mediaId: string,
    @Context() context: RequestContext,
  ): Promise<AsyncIterableIterator<Media>> {
    return openMediaStream(context.shared, ownerId, parseId('media', mediaId, ['mediaId']));
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(media: Media): string {
    return globalId('media', media.id);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'The address of one size, which works until urlsExpireAt; null until READY.',
  })
  @FieldArgs(WidthArgs)
  url({ variants }: Media, { width }: WidthArgs): string | null {
    const wideEnough = width == null ? undefined : variants.find((variant) => variant.width >= width);
    return (wideEnough ?? variants.at(-1))?.url ?? null;
  }
}
