// The limit that signing in is measured against: Fastify and one check of a password at the cost that the core has, nothing else.
import type { AddressInfo } from 'node:net';
import { hash, type Options, verify } from '@node-rs/argon2';
import fastify from 'fastify';
import { serveParent } from '../serve-parent.js';

export interface BarePassword {
  password: string;
  cost: Options;
}

serveParent(async ({ password, cost }: BarePassword) => {
  const stored = await hash(password, cost);
  const app = fastify();
  app.post<{ Body: { password: string } }>('/sign-in', async ({ body }, reply) => {
    if (!(await verify(stored, body.password))) return reply.code(400).send({ status: 'WRONG_CREDENTIALS_ERROR' });
    return { status: 'OK' };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
});
