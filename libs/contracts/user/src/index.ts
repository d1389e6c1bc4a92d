export * from './user.events.js';
export * from './user.models.js';
export * from './user.rpc.js';
