import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@fowergram/messaging';
import { ServiceKitModule } from '@fowergram/service-kit';
import { ApiModule } from './api.module.js';
import { AuthModule } from './auth/auth.module.js';
import type { Config } from './config.js';
import { GrpcModule } from './grpc/grpc.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { NAME } from './name.js';
import { SocketsModule } from './sockets/sockets.module.js';

/** The map of the gateway. It owns no data: what it knows, it asks for. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceKitModule.with(NAME, config),
        MessagingModule.with({ service: NAME, natsUrl: config.NATS_URL }),
        AuthModule,
        ApiModule,
        LimitsModule,
        SocketsModule,
        GrpcModule.with(config),
      ],
    };
  }
}
