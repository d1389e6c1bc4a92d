import { Module } from '@nestjs/common';
import { Revocations } from '../realtime/revocations.js';
import { RedisLink } from '../redis.js';
import { Mails } from './mails.js';
import { Profiles } from './profiles.js';
import { Sessions } from './sessions.js';
import { SignIns } from './sign-ins.js';

const parts = [RedisLink, Revocations, Mails, SignIns, Profiles, Sessions];

@Module({ providers: parts, exports: parts })
export class AuthModule {}
