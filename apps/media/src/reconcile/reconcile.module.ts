import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { ReconcileRepository } from './reconcile.repository.js';
import { ReconcileService } from './reconcile.service.js';

@Module({ imports: [LocksModule], providers: [ReconcileService, ReconcileRepository], exports: [ReconcileService] })
export class ReconcileModule {}
