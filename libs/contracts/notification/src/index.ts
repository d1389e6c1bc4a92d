export * from './mail.js';
export * from './notification.models.js';
export * from './notification.push.js';
export * from './notification.rpc.js';
export * from './reported.events.js';
export * from './webhook.models.js';
export * from './webhook.rpc.js';
export * from './operator.rpc.js';
