import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.service.js';
import { OutboxAdministration } from './outbox-administration.service.js';
import { Relay } from './relay.service.js';
import { Retention } from './retention.service.js';

/** Gives a service with a database its outbox; needs DatabaseModule and MessagingModule beside it. */
@Global()
@Module({ providers: [Relay, Outbox, OutboxAdministration, Retention], exports: [Outbox, OutboxAdministration, Relay] })
export class OutboxModule {}
