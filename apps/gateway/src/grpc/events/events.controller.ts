import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import { from, type Observable } from 'rxjs';
import type { WatchRequest, WatchResponse } from '@fowergram/contracts-grpc';
import { GrpcController } from '../calls/grpc-controller.decorator.js';
import { Scope } from '../calls/scope.decorator.js';
import { WatchStreamsService } from './watch-streams.service.js';

@GrpcController()
export class EventsController {
  constructor(private readonly streams: WatchStreamsService) {}

  @GrpcMethod('fowergram.v1.Events', 'Watch')
  @Scope('events:read')
  watch(
    request: WatchRequest,
    metadata: Metadata,
    call: ServerWritableStream<WatchRequest, WatchResponse>,
  ): Observable<WatchResponse> {
    return from(this.streams.watch(request, metadata, call));
  }
}
