import { Module } from '@nestjs/common';
import { ApiModule } from '../api.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OverloadModule } from '../overload/overload.module.js';
import { ConnectionDrainService } from './connection-drain.service.js';
import { GraphqlWsService } from './graphql-ws.service.js';
import { SocketSessionsService } from './socket-sessions.service.js';
import { SocketLimitsService } from './socket-limits.service.js';
import { SocketServerService } from './socket-server.service.js';

/** WebSocket connections and what ends them. */
@Module({
  imports: [ApiModule, AuthModule, LimitsModule, OverloadModule],
  providers: [
    ConnectionDrainService,
    GraphqlWsService,
    SocketLimitsService,
    SocketSessionsService,
    SocketServerService,
  ],
})
export class SocketsModule {}
