import { Module } from '@nestjs/common';
import { OrphansRepository } from './orphans.repository.js';
import { OrphansService } from './orphans.service.js';

@Module({ providers: [OrphansService, OrphansRepository] })
export class OrphansModule {}
