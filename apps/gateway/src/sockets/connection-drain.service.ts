import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { errorOfStatus } from '../http/rest-errors.js';

/** Lets the process end soon: a connection that is kept alive for a next request would hold it up for a minute. */
@Injectable()
export class ConnectionDrainService implements OnModuleDestroy {
  private draining = false;
  private closing = false;

  onModuleDestroy(): void {
    this.draining = true;
  }

  /** From the moment of the end on, every answer is the last one of its connection; when the stores are gone, it is UNAVAILABLE. */
  watch(server: FastifyInstance): void {
    server.addHook('preClose', (done) => {
      this.closing = true;
      done();
    });
    server.addHook('onRequest', (_request, _reply, done) => done(this.closing ? errorOfStatus(503) : undefined));
    server.addHook('onSend', (_request, reply, payload, done) => {
      if (this.draining) reply.header('connection', 'close');
      done(null, payload);
    });
  }
}
