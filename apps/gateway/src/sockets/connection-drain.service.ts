import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { errorOfStatus } from '../http/rest-errors.js';

/** Far longer than a request takes to come in whole: what is open then and asks nothing is a connection that its client has left. */
const LEFT_AFTER_MS = 3_000;

/** Whoever spreads requests over the gateways has noticed by then, and connections that are kept have been used once more. */
const LEAVE_MS = 3_000;
/** Nobody has to notice where nobody asks. */
const QUIET_AFTER_MS = 1_000;

/** Lets the process end soon: a connection that is kept alive for a next request would hold it up for a minute. */
@Injectable()
export class ConnectionDrainService implements OnModuleDestroy {
  private draining = false;
  private closing = false;
  private inFlight = 0;
  private lastRequestAt = -Infinity;

  /** Goes on to answer for a while: a request that met a connection at the moment of its end would have failed. */
  async leave(): Promise<void> {
    this.draining = true;
    if (performance.now() - this.lastRequestAt < QUIET_AFTER_MS) await setTimeout(LEAVE_MS);
  }

  onModuleDestroy(): void {
    this.draining = true;
  }

  /** From the moment of the end on, every answer is the last one of its connection; when the stores are gone, it is UNAVAILABLE. */
  watch(server: FastifyInstance): void {
    server.addHook('preClose', (done) => {
      this.closing = true;
      this.closeLeftConnections(server);
      done();
    });
    server.addHook('onRequest', (_request, reply, done) => {
      this.inFlight++;
      this.lastRequestAt = performance.now();
      reply.raw.once('close', () => this.inFlight--);
      done(this.closing ? errorOfStatus(503) : undefined);
    });
    server.addHook('onSend', (_request, reply, payload, done) => {
      if (this.draining) reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** The server waits for every connection that is not idle; one whose request was given up half sent is not, until its time is over. */
  private closeLeftConnections({ server }: FastifyInstance): void {
    const timer = setInterval(() => {
      if (this.inFlight === 0) server.closeAllConnections();
    }, LEFT_AFTER_MS);
    server.once('close', () => clearInterval(timer));
  }
}
