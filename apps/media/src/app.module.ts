import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, PrismaModule } from '@fowergram/database';
import { MessagingModule } from '@fowergram/messaging';
import { OutboxModule } from '@fowergram/outbox';
import { ServiceKitModule } from '@fowergram/service-kit';
import { ClaimsModule } from './claims/claims.module.js';
import type { Config } from './config.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { MediaModule } from './media/media.module.js';
import { NAME } from './name.js';
import { OrphansModule } from './orphans/orphans.module.js';
import { PrismaService } from './prisma.client.js';
import { ProcessingModule } from './processing/processing.module.js';
import { StorageModule } from './storage/storage.module.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { VisibilityModule } from './visibility/visibility.module.js';
import { OperatorModule } from './operator/operator.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceKitModule.with(NAME, config),
        DatabaseModule.with(config),
        MessagingModule.with({ service: NAME, natsUrl: config.NATS_URL }),
        OutboxModule,
        PrismaModule.with(PrismaService),
        StorageModule,
        MediaModule,
        ProcessingModule,
        UploadsModule,
        ClaimsModule,
        OrphansModule,
        ErasureModule,
        VisibilityModule,
        OperatorModule,
      ],
    };
  }
}
