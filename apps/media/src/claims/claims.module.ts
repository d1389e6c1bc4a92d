import { Module } from '@nestjs/common';
import { MediaModule } from '../media/media.module.js';
import { ClaimsController } from './claims.controller.js';
import { ClaimsRepository } from './claims.repository.js';
import { ClaimsService } from './claims.service.js';

@Module({ imports: [MediaModule], controllers: [ClaimsController], providers: [ClaimsService, ClaimsRepository] })
export class ClaimsModule {}
