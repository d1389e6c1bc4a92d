export * from './media.events.js';
export * from './media.models.js';
export * from './media.rpc.js';
export * from './operator.rpc.js';
