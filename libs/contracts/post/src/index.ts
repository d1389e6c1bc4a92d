export * from './content-mention.rpc.js';
export * from './moderation.rpc.js';
export * from './post.events.js';
export * from './post.models.js';
export * from './post.rpc.js';
export * from './save.models.js';
export * from './save.rpc.js';
export * from './preference.rpc.js';
