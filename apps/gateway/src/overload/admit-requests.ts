import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AdmissionService } from './admission.service.js';

/** Emitted by a response that stays open from now on: its request is over, and holds nothing any more that requests hold. */
export const STREAM_BEGINS = 'stream begins';

/** Takes or refuses each request before anything of it is read, and holds it until its connection is done with it. */
export function admitRequests(server: FastifyInstance, admission: AdmissionService): void {
  server.addHook('onRequest', (request, reply, done) => {
    const leave = admission.enterRequest(hasToken(request));
    // Emitted for each response, also when the client has gone before it.
    reply.raw.once('close', leave).once(STREAM_BEGINS, () => {
      reply.raw.off('close', leave);
      leave();
    });
    done();
  });
}

const hasToken = ({ headers }: FastifyRequest): boolean =>
  headers.authorization !== undefined || headers.cookie?.includes('sAccessToken=') === true;
