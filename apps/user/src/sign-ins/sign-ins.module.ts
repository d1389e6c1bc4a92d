import { Module } from '@nestjs/common';
import { SignInRetentionService } from './sign-in-retention.service.js';
import { SignInsController } from './sign-ins.controller.js';
import { SignInsErasure } from './sign-ins.erasure.js';
import { SignInsRepository } from './sign-ins.repository.js';
import { SignInsService } from './sign-ins.service.js';

@Module({
  controllers: [SignInsController],
  providers: [SignInsService, SignInRetentionService, SignInsRepository, SignInsErasure],
})
export class SignInsModule {}
