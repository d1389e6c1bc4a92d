// The limit that a live like is measured against: a request, one NATS message, one frame on a socket, all in one process.
import type { AddressInfo } from 'node:net';
import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { notificationPush } from '@fowergram/contracts-notification';
import { serveParent } from '../serve-parent.js';

export interface BareRelay {
  /** With the credentials of who may push, and of who may hear it. */
  speakerUrl: string;
  listenerUrl: string;
}

const open = (url: string) => {
  const { username, password, host } = new URL(url);
  return connect({
    servers: host,
    ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
  });
};
const subjectOf = (socket: number | string) => `realtime.bench-${socket}.${notificationPush.added.name}`;

serveParent(async ({ speakerUrl, listenerUrl }: BareRelay) => {
  const [speaker, listener] = [await open(speakerUrl), await open(listenerUrl)];
  const app = fastify();
  app.post<{ Body: { socket: number; key: string } }>('/likes', async ({ body }) => {
    speaker.publish(subjectOf(body.socket), body.key);
    return { liked: true };
  });
  const sockets = new WebSocketServer({ server: app.server });
  sockets.on('connection', (socket, request) => {
    const subscription = listener.subscribe(subjectOf(request.url!.slice(1)), {
      callback: (_error, message) => socket.send(message.string()),
    });
    socket.on('close', () => subscription.unsubscribe());
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
});
