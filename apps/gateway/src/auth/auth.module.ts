import { Module } from '@nestjs/common';
import { Revocations } from '../realtime/revocations.js';
import { Profiles } from './profiles.js';
import { Sessions } from './sessions.js';

@Module({ providers: [Revocations, Profiles, Sessions], exports: [Revocations, Profiles, Sessions] })
export class AuthModule {}
