export * from './mail.js';
export * from './notification.models.js';
export * from './notification.push.js';
export * from './notification.rpc.js';
