// The limit that validating tokens is measured against: grpc-js that holds the answer, and nothing else.
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { promisify } from 'node:util';
import { serveParent } from '../serve-parent.js';
import { VALIDATE } from '../validate-method.js';

serveParent(async (answer: object) => {
  const server = new Server();
  const validate: handleUnaryCall<object, object> = (_call, reply) => reply(null, answer);
  server.addService({ Validate: VALIDATE }, { Validate: validate });
  return promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createInsecure());
});
