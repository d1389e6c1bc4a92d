import { Module } from '@nestjs/common';
import { ApiModule } from '../api/api.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { Drain } from './drain.js';
import { ProfileChanges } from './profile-changes.js';
import { SocketServer } from './socket-server.js';
import { SocketSessions } from './socket-sessions.js';
import { Sockets } from './sockets.js';

@Module({ imports: [ApiModule, AuthModule], providers: [Drain, ProfileChanges, SocketServer, SocketSessions, Sockets] })
export class RealtimeModule {}
