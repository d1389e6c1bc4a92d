import { Module } from '@nestjs/common';
import { ApiModule } from '../api.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OverloadModule } from '../overload/overload.module.js';
import { ConnectionDrainService } from './connection-drain.service.js';
import { GraphqlWsService } from './graphql-ws.service.js';
import { OpenOperationsService } from './open-operations.service.js';
import { SocketSessionsService } from './socket-sessions.service.js';
import { SocketLimitsService } from './socket-limits.service.js';
import { SocketServerService } from './socket-server.service.js';
import { EventStreamsService } from './sse/event-streams.service.js';

/** Connections that stay open, WebSockets and event streams, and what ends them. */
@Module({
  imports: [ApiModule, AuthModule, LimitsModule, OverloadModule],
  providers: [
    ConnectionDrainService,
    EventStreamsService,
    GraphqlWsService,
    OpenOperationsService,
    SocketLimitsService,
    SocketSessionsService,
    SocketServerService,
  ],
})
export class SocketsModule {}
