import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module.js';
import { CollectionsController } from './collections.controller.js';
import { CollectionsRepository } from './collections.repository.js';
import { CollectionsService } from './collections.service.js';
import { SavesController } from './saves.controller.js';
import { SavesErasure } from './saves.erasure.js';
import { SavesRepository } from './saves.repository.js';
import { SavesService } from './saves.service.js';

@Module({
  imports: [PostsModule],
  controllers: [SavesController, CollectionsController],
  providers: [SavesService, SavesRepository, CollectionsService, CollectionsRepository, SavesErasure],
})
export class SavesModule {}
