// The limit that homeFeed is measured against: Mercurius with JIT alone in one process, whose resolvers hold the whole answer.
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { FEED_SCHEMA, type FeedAnswer } from '../feed-query.js';
import { serveParent } from '../serve-parent.js';

export interface BareFeed {
  /** A real answer of the gateway. */
  answer: Required<Pick<FeedAnswer, 'data'>>;
}

serveParent(async ({ answer }: BareFeed) => {
  const app = fastify();
  const { homeFeed } = answer.data;
  await app.register(mercurius, { schema: FEED_SCHEMA, resolvers: { Query: { homeFeed: () => homeFeed } }, jit: 1 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
});
