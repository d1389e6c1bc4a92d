import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@fowergram/database';
import { MessagingModule } from '@fowergram/messaging';
import { OutboxModule } from '@fowergram/outbox';
import { ServiceKitModule } from '@fowergram/service-kit';
import type { Config } from './config.js';
import { CountsModule } from './counts/counts.module.js';
import { FollowsModule } from './follows/follows.module.js';
import { PrismaModule } from './prisma.js';
import { ProfilesModule } from './profiles/profiles.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceKitModule.with('user', config),
        DatabaseModule.with(config.DATABASE_URL),
        MessagingModule.with({ service: 'user', natsUrl: config.NATS_URL }),
        OutboxModule,
        PrismaModule,
        ProfilesModule,
        FollowsModule,
        CountsModule,
      ],
    };
  }
}
