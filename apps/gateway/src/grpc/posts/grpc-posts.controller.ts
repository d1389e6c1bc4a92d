import type { Metadata } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import type { PostsBatchGetRequest, PostsBatchGetResponse } from '@fowergram/contracts-grpc';
import { GrpcController } from '../calls/grpc-controller.decorator.js';
import { parseIds } from '../calls/ids.rules.js';
import { Scope } from '../calls/scope.decorator.js';
import { ViewsService } from '../calls/views.service.js';
import { GRPC_BOUNDS } from '../grpc.config.js';
import { presentPost } from './grpc-posts.presenter.js';

@GrpcController()
export class GrpcPostsController {
  constructor(private readonly views: ViewsService) {}

  @GrpcMethod('fowergram.v1.Posts', 'BatchGet')
  @Scope('posts:read')
  async batchGet(request: PostsBatchGetRequest, metadata: Metadata): Promise<PostsBatchGetResponse> {
    const ids = parseIds('post', request.ids, GRPC_BOUNDS.postsOfBatch);
    const posts = await this.views.as(request.viewerId, ids.length, metadata, ({ loaders }) => loaders.posts.many(ids));
    return { posts: posts.map(presentPost) };
  }
}
