import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module.js';
import { TaggedPostsRepository } from './tagged-posts.repository.js';
import { TagsController } from './tags.controller.js';
import { TagsErasure } from './tags.erasure.js';
import { TagsRepository } from './tags.repository.js';
import { TagsService } from './tags.service.js';

@Module({
  imports: [PostsModule],
  controllers: [TagsController],
  providers: [TagsService, TagsRepository, TaggedPostsRepository, TagsErasure],
})
export class TagsModule {}
