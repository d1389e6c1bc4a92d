import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { OrphansRepository } from './orphans.repository.js';
import { OrphansService } from './orphans.service.js';

@Module({ imports: [LocksModule], providers: [OrphansService, OrphansRepository] })
export class OrphansModule {}
