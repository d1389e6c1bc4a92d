export { markProcessed } from './inbox.js';
export { type AddressedPush, eventRow, Outbox, type OutboxRow } from './outbox.service.js';
export { OutboxModule } from './outbox.module.js';
export { OutboxAdministration } from './outbox-administration.service.js';
export { Relay } from './relay.service.js';
