import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { Relay } from './relay.js';
import { Retention } from './retention.js';

/** Gives a service with a database its outbox; needs DatabaseModule and MessagingModule beside it. */
@Global()
@Module({ providers: [Relay, Outbox, Retention], exports: [Outbox, Relay] })
export class OutboxModule {}
