import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { fastify, type FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { ZodError } from 'zod';
import { HealthService, type Readiness } from './health.service.js';
import { LogSettings } from './log-settings.service.js';

const LOG_PATH = '/log';
const REQUEST_TIMEOUT_MS = 10_000;
/** A few words that change what is logged; nobody sends anything else here. */
const MAX_BODY_BYTES = 1_024;

/** Answers operators on a port of its own, which clients never reach: metrics, and whether the service is alive and ready. */
@Injectable()
export class OperatorServer implements OnApplicationShutdown {
  readonly http = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: 'idle',
    requestTimeout: REQUEST_TIMEOUT_MS,
  });

  constructor(
    private readonly health: HealthService,
    private readonly metrics: Registry,
    private readonly logSettings: LogSettings,
  ) {
    // Alive asks nothing of any store: a restart heals none of them.
    this.http.get('/health/live', () => ({ status: 'ok' }));
    for (const path of ['/health', '/health/ready']) this.http.get(path, (_request, reply) => this.ready(reply));
    this.http.get('/metrics', (_request, reply) => this.scrape(reply));
    this.http.get(LOG_PATH, () => this.logSettings.view());
    this.http.put(LOG_PATH, (request, reply) => this.changeLog(request.body, reply));
    this.http.setNotFoundHandler((request, reply) => {
      const url = request.url.split('?', 1)[0]!;
      const allowed = url === LOG_PATH ? 'GET, HEAD, PUT' : 'GET, HEAD';
      if (this.http.hasRoute({ method: 'GET', url }))
        return reply
          .code(405)
          .header('allow', allowed)
          .send({ code: 'BAD_USER_INPUT', message: `Send ${allowed}.` });
      return reply.code(404).send({ code: 'NOT_FOUND', message: 'There is no such endpoint.' });
    });
  }

  async listen(port: number, host: string): Promise<void> {
    await this.http.listen({ port, host });
  }

  /** The last to go: it says "not ready" while the service drains. */
  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  /** Of Terminus' result only names and states are shown: its messages say where stores are. */
  private async ready(reply: FastifyReply): Promise<{ status: 'ok' | 'unavailable'; checks: Readiness['checks'] }> {
    const { isReady, checks } = await this.health.check();
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  private changeLog(body: unknown, reply: FastifyReply): unknown {
    try {
      return this.logSettings.change(body);
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      const [{ message, path } = { message: 'is not valid', path: [] }] = error.issues;
      return reply.code(400).send({ code: 'BAD_USER_INPUT', message, path });
    }
  }

  private scrape(reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.metrics();
  }
}
