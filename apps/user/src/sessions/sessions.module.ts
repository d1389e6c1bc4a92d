import { Module } from '@nestjs/common';
import { SessionRetentionService } from './session-retention.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsErasure } from './sessions.erasure.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, SessionRetentionService, SessionsRepository, SessionsErasure],
})
export class SessionsModule {}
