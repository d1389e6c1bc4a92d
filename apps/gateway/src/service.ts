import accepts from '@fastify/accepts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, LOGGER, type ServiceDefinition } from '@fowergram/service-kit';
import { GRAPHQL_PATH, graphqlRoute } from './api/graphql.routes.js';
import { DocumentsService } from './api/documents/documents.service.js';
import { PersistedDocumentsService } from './api/documents/persisted-documents.service.js';
import { openEnvelopes } from './api/context/request-envelope.js';
import { OperationsService } from './api/context/operations.service.js';
import { OperationRecordsService } from './api/records/operation-records.service.js';
import { AppModule } from './app.module.js';
import { recipeDependencies } from './auth/supertokens/recipe-dependencies.js';
import { answerSessionError, authRoutes } from './auth/supertokens/auth.routes.js';
import { checkAuthCore } from './auth/supertokens/core-check.js';
import { limitCoreCalls } from './auth/supertokens/core.js';
import { AuthLimitsService } from './auth/limits/auth-limits.service.js';
import { ProfilesService } from './auth/account-access/profiles.service.js';
import { secondFactorRoutes } from './auth/second-factor/second-factor.routes.js';
import { SecondFactorService } from './auth/second-factor/second-factor.service.js';
import { SessionVerificationService } from './auth/sessions/session-verification.service.js';
import { startAuth } from './auth/supertokens/supertokens.js';
import { config, type Config } from './config.js';
import { AllowedMethodsService } from './http/allowed-methods.service.js';
import { answerBareRequests } from './http/bare-requests.js';
import { allowOwnPages } from './http/cross-origin.js';
import { formErrors } from './http/error-form.js';
import { addSecurityHeaders, securityHeaders } from './http/security-headers.js';
import { SERVER_LIMITS, serverOptions } from './http/server-options.js';
import { RateLimitsService } from './limits/rate-limits.service.js';
import { NAME } from './name.js';
import { admitRequests } from './overload/admit-requests.js';
import { AdmissionService } from './overload/admission.service.js';
import { playgroundRoutes } from './playground/playground.routes.js';
import { problemPages } from './rest/problem-pages.js';
import { referenceRoutes } from './rest/reference.routes.js';
import { restRoutes } from './rest/rest.routes.js';
import { ServiceKeysService } from './service-accounts/service-keys.service.js';
import { ConnectionDrainService } from './sockets/connection-drain.service.js';
import { SocketServerService } from './sockets/socket-server.service.js';
import { EventStreamsService } from './sockets/sse/event-streams.service.js';

export const service: ServiceDefinition<Config> = {
  name: NAME,
  readConfig: config.read,
  module: AppModule.with,
  configure,
  leave,
  serverOptions,
};

/** Sockets go to other gateways while requests are still answered. */
async function leave(app: NestFastifyApplication): Promise<void> {
  const parts = [app.get(ConnectionDrainService), app.get(SocketServerService), app.get(EventStreamsService)];
  await Promise.all(parts.map((part) => part.leave()));
}

/** The HTTP surface: who may call from a browser, sign-in, the API, and in development a page to try it on. */
async function configure(app: NestFastifyApplication, given: Config): Promise<void> {
  const log = app.get<Logger>(LOGGER);
  const sessions = app.get(SessionVerificationService);
  const profiles = app.get(ProfilesService);
  limitCoreCalls(given.SUPERTOKENS_CONNECTION_URI);
  await checkAuthCore(given, log);
  startAuth(given, recipeDependencies(app));

  const server = app.getHttpAdapter().getInstance();
  app.get(AllowedMethodsService).watch(server as unknown as FastifyInstance);
  server.server.maxConnections = SERVER_LIMITS.connections;
  addSecurityHeaders(server as unknown as FastifyInstance, given);
  openEnvelopes(server as unknown as FastifyInstance);
  formErrors(server as unknown as FastifyInstance, GRAPHQL_PATH);
  answerBareRequests(server as unknown as FastifyInstance, securityHeaders(given));
  app.get(ConnectionDrainService).watch(server as unknown as FastifyInstance);
  await allowOwnPages(server as unknown as FastifyInstance, given, app.get(AllowedMethodsService));
  // After CORS, without whose headers a page could not read the answer.
  admitRequests(server as unknown as FastifyInstance, app.get(AdmissionService));
  await server.register(accepts);
  await server.register(
    authRoutes({
      log,
      limits: app.get(AuthLimitsService),
      methods: app.get(AllowedMethodsService),
      requests: app.get(RateLimitsService),
      ownOrigins: given,
      routes: [secondFactorRoutes(app.get(SecondFactorService), sessions)],
    }),
  );
  const parts = {
    admission: app.get(AdmissionService),
    documents: app.get(DocumentsService),
    limits: app.get(RateLimitsService),
    operations: app.get(OperationsService),
    records: app.get(OperationRecordsService),
    log,
    answerSessionError,
    sessionOf: async (request: FastifyRequest, reply: FastifyReply) => {
      const session = await sessions.ofRequest(request, reply);
      if (session) await profiles.ensure(session.userId);
      return session;
    },
  };
  const streams = app.get(EventStreamsService);
  await server.register(graphqlRoute({ ...parts, persisted: app.get(PersistedDocumentsService), streams }));
  await server.register(problemPages);
  const serviceKeys = app.get(ServiceKeysService);
  await server.register(restRoutes({ ...parts, methods: app.get(AllowedMethodsService), serviceKeys }));
  if (given.ENVIRONMENT !== 'development') return;
  await server.register(playgroundRoutes);
  await server.register(referenceRoutes);
}
