import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@fowergram/database';
import { MessagingModule } from '@fowergram/messaging';
import { OutboxModule } from '@fowergram/outbox';
import { ServiceKitModule } from '@fowergram/service-kit';
import type { Config } from './config.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { MailModule } from './mail/mail.module.js';
import { NAME } from './name.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { VisibilityModule } from './visibility/visibility.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
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
        NotificationsModule,
        RetentionModule,
        VisibilityModule,
        ErasureModule,
        MailModule,
        WebhooksModule,
        OperatorModule,
      ],
    };
  }
}
