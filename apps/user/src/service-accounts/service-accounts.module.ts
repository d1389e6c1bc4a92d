import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsRepository } from './service-accounts.repository.js';
import { ServiceAccountsService } from './service-accounts.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [ServiceAccountsController],
  providers: [ServiceAccountsService, ServiceAccountsRepository],
})
export class ServiceAccountsModule {}
