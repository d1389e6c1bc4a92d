import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { OperatorController } from './operator.controller.js';
import { OperatorActionsRepository } from './operator-actions.repository.js';
import { OperatorService } from './operator.service.js';

@Module({
  imports: [AccountsModule, ErasureModule],
  controllers: [OperatorController],
  providers: [OperatorService, OperatorActionsRepository],
})
export class OperatorModule {}
