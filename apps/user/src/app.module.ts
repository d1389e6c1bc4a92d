import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, PrismaModule } from '@fowergram/database';
import { MessagingModule } from '@fowergram/messaging';
import { OutboxModule } from '@fowergram/outbox';
import { ServiceKitModule } from '@fowergram/service-kit';
import { AccountsModule } from './accounts/accounts.module.js';
import { BlocksModule } from './blocks/blocks.module.js';
import { CloseFriendsModule } from './close-friends/close-friends.module.js';
import type { Config } from './config.js';
import { CountersModule } from './counters/counters.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { FollowsModule } from './follows/follows.module.js';
import { MentionsModule } from './mentions/mentions.module.js';
import { AccountKeysModule } from './account-keys/account-keys.module.js';
import { MutedWordsModule } from './muted-words/muted-words.module.js';
import { MutesModule } from './mutes/mutes.module.js';
import { NAME } from './name.js';
import { PrismaService } from './prisma.client.js';
import { ProfilesModule } from './profiles/profiles.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { SearchModule } from './search/search.module.js';
import { SecondFactorModule } from './second-factor/second-factor.module.js';
import { ServiceAccountsModule } from './service-accounts/service-accounts.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SignInsModule } from './sign-ins/sign-ins.module.js';
import { SuggestionsModule } from './suggestions/suggestions.module.js';
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
        AccountsModule,
        ErasureModule,
        ProfilesModule,
        FollowsModule,
        BlocksModule,
        MutesModule,
        CloseFriendsModule,
        MentionsModule,
        AccountKeysModule,
        MutedWordsModule,
        CountersModule,
        ReportsModule,
        SearchModule,
        SecondFactorModule,
        ServiceAccountsModule,
        SessionsModule,
        SignInsModule,
        SuggestionsModule,
        OperatorModule,
      ],
    };
  }
}
