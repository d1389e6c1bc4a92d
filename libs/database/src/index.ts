export * from './database.js';
export * from './database.module.js';
export * from './new-id.js';
export * from './one.js';
export * from './unavailable.js';
