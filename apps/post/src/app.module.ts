import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, PrismaModule } from '@fowergram/database';
import { MessagingModule } from '@fowergram/messaging';
import { OutboxModule } from '@fowergram/outbox';
import { ServiceKitModule } from '@fowergram/service-kit';
import { CoAuthorsModule } from './co-authors/co-authors.module.js';
import { CommentLikesModule } from './comment-likes/comment-likes.module.js';
import { CommentsModule } from './comments/comments.module.js';
import type { Config } from './config.js';
import { CountersModule } from './counters/counters.module.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { FeedModule } from './feed/feed.module.js';
import { HashtagsModule } from './hashtags/hashtags.module.js';
import { LikesModule } from './likes/likes.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { MentionsModule } from './mentions/mentions.module.js';
import { ModerationModule } from './moderation/moderation.module.js';
import { NAME } from './name.js';
import { PostsModule } from './posts/posts.module.js';
import { RepostsModule } from './reposts/reposts.module.js';
import { SavesModule } from './saves/saves.module.js';
import { PreferencesModule } from './preferences/preferences.module.js';
import { PrismaService } from './prisma.client.js';
import { TagsModule } from './tags/tags.module.js';
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
        CountersModule,
        PostsModule,
        LikesModule,
        LifecycleModule,
        MentionsModule,
        PreferencesModule,
        TagsModule,
        CoAuthorsModule,
        CommentsModule,
        CommentLikesModule,
        SavesModule,
        RepostsModule,
        FeedModule,
        HashtagsModule,
        DiscoveryModule,
        VisibilityModule,
        ModerationModule,
        ErasureModule,
        OperatorModule,
      ],
    };
  }
}
