import { Module } from '@nestjs/common';
import { ApiModule } from '../api.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { Drain } from './connection-drain.service.js';
import { ProfileChanges } from '../users/profile-cache-invalidation.service.js';
import { SocketServer } from './graphql-ws.service.js';
import { SocketSessions } from './socket-sessions.service.js';
import { Sockets } from './socket-server.service.js';

@Module({ imports: [ApiModule, AuthModule], providers: [Drain, ProfileChanges, SocketServer, SocketSessions, Sockets] })
export class RealtimeModule {}
