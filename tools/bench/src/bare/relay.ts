// The limit that a live like is measured against: a request, one NATS message, one frame on a socket, all in one process.
import type { AddressInfo } from 'node:net';
import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { serveParent } from '../serve-parent.js';

export interface BareRelay {
  natsUrl: string;
}

serveParent(async ({ natsUrl }: BareRelay) => {
  const { username, password, host } = new URL(natsUrl);
  const nats = await connect({
    servers: host,
    ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
  });
  const app = fastify();
  app.post<{ Body: { socket: number; key: string } }>('/likes', async ({ body }) => {
    nats.publish(`bench.bare.${body.socket}`, body.key);
    return { liked: true };
  });
  const sockets = new WebSocketServer({ server: app.server });
  sockets.on('connection', (socket, request) => {
    const subscription = nats.subscribe(`bench.bare.${request.url!.slice(1)}`, {
      callback: (_error, message) => socket.send(message.string()),
    });
    socket.on('close', () => subscription.unsubscribe());
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
});
