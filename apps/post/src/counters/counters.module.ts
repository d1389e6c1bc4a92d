import { Module } from '@nestjs/common';
import { CountersService } from './counters.service.js';

@Module({ providers: [CountersService] })
export class CountersModule {}
