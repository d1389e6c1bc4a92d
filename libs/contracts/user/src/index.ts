export * from './account.models.js';
export * from './account.rpc.js';
export * from './relation.models.js';
export * from './session.rpc.js';
export * from './user.events.js';
export * from './user.models.js';
export * from './user.rpc.js';
