import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { PostsModule } from '../posts/posts.module.js';
import { RepostsController } from './reposts.controller.js';
import { RepostsErasure } from './reposts.erasure.js';
import { RepostsRepository } from './reposts.repository.js';
import { RepostsService } from './reposts.service.js';

@Module({
  imports: [PostsModule, ErasureStepsModule],
  controllers: [RepostsController],
  providers: [RepostsService, RepostsRepository, RepostsErasure],
})
export class RepostsModule {}
