import { Module } from '@nestjs/common';
import { SignInRetentionService } from './sign-in-retention.service.js';
import { SignInsController } from './sign-ins.controller.js';
import { SignInsRepository } from './sign-ins.repository.js';
import { SignInsService } from './sign-ins.service.js';

@Module({ controllers: [SignInsController], providers: [SignInsService, SignInRetentionService, SignInsRepository] })
export class SignInsModule {}
