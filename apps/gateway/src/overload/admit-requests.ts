import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AdmissionService } from './admission.service.js';

/** Takes or refuses each request before anything of it is read, and holds it until its connection is done with it. */
export function admitRequests(server: FastifyInstance, admission: AdmissionService): void {
  server.addHook('onRequest', (request, reply, done) => {
    // Emitted once for each response, also when the client has gone before it.
    reply.raw.once('close', admission.enterRequest(hasToken(request)));
    done();
  });
}

const hasToken = ({ headers }: FastifyRequest): boolean =>
  headers.authorization !== undefined || headers.cookie?.includes('sAccessToken=') === true;
