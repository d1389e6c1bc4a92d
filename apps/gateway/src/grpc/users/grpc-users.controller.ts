import type { Metadata } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import type { UsersBatchGetRequest, UsersBatchGetResponse } from '@fowergram/contracts-grpc';
import { findUser } from '../../users/find-user.js';
import { GrpcController } from '../calls/grpc-controller.decorator.js';
import { parseIds } from '../calls/ids.rules.js';
import { Scope } from '../calls/scope.decorator.js';
import { ViewsService } from '../calls/views.service.js';
import { GRPC_BOUNDS } from '../grpc.config.js';
import { presentUser } from './grpc-users.presenter.js';

@GrpcController()
export class GrpcUsersController {
  constructor(private readonly views: ViewsService) {}

  @GrpcMethod('fowergram.v1.Users', 'BatchGet')
  @Scope('users:read')
  async batchGet(request: UsersBatchGetRequest, metadata: Metadata): Promise<UsersBatchGetResponse> {
    const ids = parseIds('user', request.ids, GRPC_BOUNDS.usersOfBatch);
    const users = await this.views.as(request.viewerId, ids.length, metadata, (context) =>
      Promise.all(ids.map((id) => findUser(id, context))),
    );
    return { users: users.flatMap((user) => (user ? [presentUser(user)] : [])) };
  }
}
