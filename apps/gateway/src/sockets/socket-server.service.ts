import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { handleProtocols, type Server } from 'graphql-ws';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { type WebSocket, WebSocketServer } from 'ws';
import { errorCatalogue } from '@fowergram/contracts-core';
import { CONFIG, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { chooseCorrelationId, CORRELATION_HEADER } from '../http/correlation-id.js';
import { answerRaw } from '../http/raw-answer.js';
import { securityHeaders } from '../http/security-headers.js';
import { ClientAddressesService } from '../limits/client-addresses.service.js';
import { RateLimitsService } from '../limits/rate-limits.service.js';
import { asksForWebSocket, serveWithoutUpgrade } from './serve-without-upgrade.js';
import { type SocketExtra, GraphqlWsService } from './graphql-ws.service.js';
import { inTurns, sendAway } from './send-away.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';
import { SocketLimitsService } from './socket-limits.service.js';
import { openTransport } from './socket-transport.js';

const PATH = '/graphql';
const CLOSE_WITHIN_MS = 2_000;

/** Takes WebSocket connections on /graphql of the HTTP server, notices dead ones, and says goodbye when the process ends. */
@Injectable()
export class SocketServerService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET_LIMITS.messageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  private readonly open: Gauge<never>;
  private readonly slowReaders: Counter<never>;
  private readonly silent = new Set<WebSocket>();
  private readonly headers: Readonly<Record<string, string>>;
  private draining = false;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly protocol: GraphqlWsService,
    private readonly addresses: ClientAddressesService,
    private readonly limits: RateLimitsService,
    private readonly socketLimits: SocketLimitsService,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) config: Config,
    metrics: Registry,
  ) {
    this.headers = { ...securityHeaders(config), 'sec-websocket-version': '13' };
    this.open = gauge(metrics, 'websocket_connections_open', 'WebSocket connections that are open.');
    this.slowReaders = counter(
      metrics,
      'websocket_slow_readers_total',
      'WebSocket connections closed because the reader was too slow.',
      [],
    );
  }

  onApplicationBootstrap(): void {
    const protocol = this.protocol.make();
    const httpServer = this.http.httpAdapter.getHttpServer() as HttpServer;
    httpServer.on('upgrade', (request, stream, head) => {
      if (asksForWebSocket(request)) this.upgrade(protocol, request, stream, head);
      else serveWithoutUpgrade(httpServer, request, stream, head);
    });
    this.server.on('wsClientError', (_error, stream, request) => answerRaw(stream, 400, this.headersFor(request)));
  }

  /** Clients of the protocol reconnect on 1001, to another process, and resume by cursor. */
  async leave(): Promise<void> {
    this.draining = true;
    await inTurns([...this.server.clients], sendAway);
  }

  /** Sends away whoever is still there, and waits until all have gone. */
  async onModuleDestroy(): Promise<void> {
    this.draining = true;
    const clients = [...this.server.clients];
    const closed = Promise.all(
      clients.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))),
    );
    clients.forEach(sendAway);
    const timer = setTimeout(() => clients.forEach((socket) => socket.terminate()), CLOSE_WITHIN_MS);
    await closed;
    clearTimeout(timer);
  }

  @Every(SOCKET_LIMITS.pingIntervalMs, 'ping sockets')
  ping(): void {
    for (const socket of this.server.clients) {
      if (this.silent.has(socket)) socket.terminate();
      else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }

  private headersFor({ headers }: IncomingMessage): Record<string, string> {
    return { ...this.headers, [CORRELATION_HEADER]: chooseCorrelationId(headers) };
  }

  private upgrade(protocol: Server<SocketExtra>, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const headers = this.headersFor(request);
    if (this.draining) return answerRaw(stream, 503, headers);
    // Not by URL, which throws for a target such as // and so would end the process.
    if (request.url?.split('?', 1)[0] !== PATH) return answerRaw(stream, 404, headers);
    const address = this.addresses.keyOf(request);
    const { error } = this.limits.admitConnection({ userId: null, address });
    if (error) return answerRaw(stream, 429, headers, error);
    const refused = this.socketLimits.refuseConnection(address);
    if (refused) return answerRaw(stream, errorCatalogue[refused.code], headers, refused);
    this.server.handleUpgrade(request, stream, head, (socket) => {
      this.open.inc();
      this.socketLimits.hold(socket, address);
      socket.once('close', () => {
        this.open.dec();
        this.silent.delete(socket);
      });
      socket.on('pong', () => this.silent.delete(socket));
      openTransport(
        protocol,
        socket,
        { socket, request, session: null, address },
        { log: this.log, waiting: this.socketLimits.waiting, onSlowReader: () => this.slowReaders.inc() },
      );
    });
  }
}
