import { Module } from '@nestjs/common';
import { LocksRepository } from './locks.repository.js';

@Module({ providers: [LocksRepository], exports: [LocksRepository] })
export class LocksModule {}
