export { bombPng } from './bomb-png.js';
export { createDatabase, type TestDatabase } from './database.js';
export { eventually } from './eventually.js';
export { parseMail, type ReceivedMail, startMailServer, type TestMailServer } from './mail-server.js';
export { outboxIsEmpty, recordedEvents, TestMessaging } from './messaging.js';
export { startNats, type TestNats } from './nats.js';
export { freePort, type Program, startProgram } from './process.js';
export { startRedis, type TestRedis } from './redis.js';
export { testVariable } from './test-env.js';
