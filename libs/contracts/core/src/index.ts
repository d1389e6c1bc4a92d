export * from './app-error.js';
export * from './contract.js';
export * from './hashtags.js';
export * from './ids.js';
export * from './overloaded.js';
export * from './page.js';
export * from './parse.js';
export * from './text.js';
