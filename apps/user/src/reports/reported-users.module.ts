import { Module } from '@nestjs/common';
import { ReportedUsersRepository } from './reported-users.repository.js';

@Module({ providers: [ReportedUsersRepository], exports: [ReportedUsersRepository] })
export class ReportedUsersModule {}
