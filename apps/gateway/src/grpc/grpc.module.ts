import { type DynamicModule, Module } from '@nestjs/common';
import { ApiModule } from '../api.module.js';
import { AuthModule } from '../auth/auth.module.js';
import type { Config } from '../config.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OverloadModule } from '../overload/overload.module.js';
import { CallersService } from './calls/callers.service.js';
import { FailuresService } from './calls/failures.service.js';
import { ViewsService } from './calls/views.service.js';
import { EventsController } from './events/events.controller.js';
import { WatchService } from './events/watch.service.js';
import { WatchStreamsService } from './events/watch-streams.service.js';
import { GrpcPostsController } from './posts/grpc-posts.controller.js';
import { CertificatesService } from './server/certificates.service.js';
import { GrpcHealthService } from './server/grpc-health.service.js';
import { GrpcServerService } from './server/grpc-server.service.js';
import { TokensService } from './tokens/tokens.service.js';
import { ValidateMethodService } from './tokens/validate-method.service.js';
import { GrpcUsersController } from './users/grpc-users.controller.js';

/** What other back ends call by gRPC; nothing at all unless it is configured. */
@Module({})
export class GrpcModule {
  static with({ GRPC_PORT }: Pick<Config, 'GRPC_PORT'>): DynamicModule {
    if (GRPC_PORT === undefined) return { module: GrpcModule };
    return {
      module: GrpcModule,
      imports: [ApiModule, AuthModule, LimitsModule, OverloadModule],
      controllers: [EventsController, GrpcPostsController, GrpcUsersController],
      providers: [
        CallersService,
        CertificatesService,
        FailuresService,
        GrpcHealthService,
        GrpcServerService,
        TokensService,
        ValidateMethodService,
        ViewsService,
        WatchService,
        WatchStreamsService,
      ],
    };
  }
}
