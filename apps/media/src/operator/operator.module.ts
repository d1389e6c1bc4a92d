import { Module } from '@nestjs/common';
import { OperatorController } from './operator.controller.js';
import { ReconcileModule } from '../reconcile/reconcile.module.js';
import { OperatorService } from './operator.service.js';

@Module({ imports: [ReconcileModule], controllers: [OperatorController], providers: [OperatorService] })
export class OperatorModule {}
