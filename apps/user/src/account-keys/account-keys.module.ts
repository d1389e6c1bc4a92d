import { Module } from '@nestjs/common';
import { AccountKeysController } from './account-keys.controller.js';
import { AccountKeysRepository } from './account-keys.repository.js';
import { AccountKeysService } from './account-keys.service.js';

@Module({ controllers: [AccountKeysController], providers: [AccountKeysService, AccountKeysRepository] })
export class AccountKeysModule {}
