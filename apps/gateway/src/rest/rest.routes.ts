import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, errorCatalogue, MAX_EXPECTED_VERSIONS } from '@fowergram/contracts-core';
import type { ServiceCaller } from '@fowergram/contracts-user';
import type { Logger } from '@fowergram/service-kit';
import { InvalidOperation } from '../api/documents/documents.service.js';
import type { FormattedResult } from '../api/errors.js';
import {
  type OperationOfRequest,
  type OperationParts,
  refuseBadToken,
  serveOperation,
} from '../api/serve-operation.js';
import { addressKey } from '../auth/limits/keys.rules.js';
import { isBadToken } from '../auth/sessions/bad-tokens.rules.js';
import { bearerToken, refuseTwoTokens } from '../auth/sessions/tokens.rules.js';
import type { AllowedMethodsService } from '../http/allowed-methods.service.js';
import { COMPRESSION } from '../http/compression.js';
import { unambiguousJson } from '../http/json-body.js';
import { provesPreflight } from '../http/preflight.rules.js';
import { errorOfStatus } from '../http/rest-errors.js';
import { requireAdmission } from '../limits/rate-limits.service.js';
import {
  isServiceKey,
  isUnknownKey,
  notForServices,
  requireScope,
  type ServiceKeysService,
} from '../service-accounts/service-keys.service.js';
import { type AnswerDirectly, type DirectAnswer, directAnswers } from './direct-answers.js';
import { bodyOf, NOT_AS_EXPECTED, refuse, sendAnswer, sendBody, sendUnchanged } from './answers.js';
import { versionsIn } from './etags.rules.js';
import { REST_PREFIX } from './openapi/openapi-document.js';
import { InvalidInput } from './rest-input.js';
import { type RestCatalogue, restCatalogue, type ServedRoute } from './rest-catalogue.js';
import type { RestRoute } from './rest-route.types.js';
import { routes } from './routes/routes.js';
import { sendProblem } from './send-problem.js';
import { UnchangedAnswersCache } from './unchanged-answers.cache.js';

export interface RestRouteOptions extends OperationParts {
  log: Logger;
  methods: AllowedMethodsService;
  /** Answers failures of the session with what clients of the auth library expect; false when it was something else. */
  answerSessionError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
  serviceKeys: ServiceKeysService;
}

const TYPES = ['application/json', 'application/problem+json'];

/** /api/v1: the operations of the GraphQL schema under addresses of their own, with the same limits, rights and answers. */
export function restRoutes(options: RestRouteOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(compress, COMPRESSION);
    readBodies(app);
    answerErrors(app, options);
    let known: RestCatalogue | undefined;
    const directly = directAnswers(new UnchangedAnswersCache());
    // The schema is there when the first request comes, and not yet when routes are declared.
    const catalogue = () => (known ??= restCatalogue(options.documents.schema));
    app.addHook('onRequest', (request, _reply, done) => {
      done(
        isReadable(request)
          ? undefined
          : withStatus(406, 'An answer is application/json, and Accept does not take it.'),
      );
    });
    for (const route of routes) {
      app.route({
        method: route.method,
        url: `${REST_PREFIX}${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
        // An ETag is of the bytes as they are sent: only pages, which have none, are compressed.
        ...(!route.document.includes('pageInfo') && { compress: false }),
        handler: (request, reply) =>
          serve(app, { ...options, directly }, catalogue().routes.get(route)!, request, reply),
      });
    }
    app.get(`${REST_PREFIX}/openapi.json`, (_request, reply) =>
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'public, max-age=300')
        .send(catalogue().document),
    );
  };
}

async function serve(
  app: FastifyInstance,
  { directly, ...options }: RestRouteOptions & { directly: AnswerDirectly },
  served: ServedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { operation, input, writer } = served;
  const { route, text: query } = operation;
  if (mayBeForeign(request)) throw new AppError('FORBIDDEN', COOKIES_ALONE);
  const asked: OperationOfRequest['asked'] = { variables: null, operationName: null };
  const parts = { ...(route.isPublic ? options : forUsers(options)), serviceOf: serviceOf(route, options) };
  const answer = await serveOperation<DirectAnswer>(app, parts, {
    request,
    reply,
    asked,
    prepare: (context) => {
      asked.variables = input.read(request);
      context.expectedVersions = expectedVersions(route, request);
      return options.documents.prepare(query, null, asked.variables);
    },
    ...(writer && {
      answerDirectly: (context, variables) => directly(operation, writer, { request, context, variables }),
    }),
    write: (result: FormattedResult) => Buffer.from(JSON.stringify(bodyOf(operation, result))),
  });
  if ('unchanged' in answer) return sendUnchanged(reply, answer.unchanged);
  if (!('body' in answer)) return sendAnswer(operation, request, reply, answer);
  return answer.body === null ? refuse(operation, reply) : sendBody(operation, request, reply, answer.body);
}

const COOKIES_ALONE =
  'The cookies of a session count for a POST with Content-Type: application/json or the header rid, which no foreign page can send.';

/** A page of somebody else can make a browser send a POST with its cookies, and no other change. */
const mayBeForeign = ({ method, headers }: FastifyRequest): boolean =>
  method === 'POST' && headers.cookie !== undefined && !provesPreflight(headers);

/** Whoever is not signed in learns that first, whatever else is wrong. */
const forUsers = (options: RestRouteOptions): RestRouteOptions => ({
  ...options,
  sessionOf: async (request, reply) => {
    const session = await options.sessionOf(request, reply);
    if (!session) throw new AppError('UNAUTHENTICATED', 'Sign in to do this.');
    return session;
  },
});

/** Finds the service account that asks for a route; a key that is not known counts like a bad token, and many of them are not looked at. */
const serviceOf =
  ({ scope }: RestRoute, { limits, serviceKeys }: RestRouteOptions) =>
  async (request: FastifyRequest): Promise<ServiceCaller | null> => {
    refuseTwoTokens(request);
    const key = bearerToken(request.headers.authorization);
    if (!isServiceKey(key)) return null;
    requireAdmission(limits.checkBadTokens(addressKey(request)));
    const caller = await serviceKeys.callerOf(key);
    if (scope === undefined) throw notForServices();
    requireScope(caller, scope);
    return caller;
  };

/** What changes a thing that another device may change, too, says which versions it has read; undefined where any will do. */
function expectedVersions({ ifMatch }: RestRoute, { headers }: FastifyRequest): string[] | undefined {
  if (ifMatch === undefined) return undefined;
  const given = headers['if-match'];
  if (given === undefined) throw refusedCondition(428, 'Send the ETag that you have read as If-Match, or *.');
  const versions = versionsIn(given)?.filter((version) => ifMatch === 'hash' || /^\d{1,9}$/.test(version));
  if (versions?.length === 0) throw refusedCondition(NOT_AS_EXPECTED, NO_ETAG);
  if (versions && versions.length > MAX_EXPECTED_VERSIONS) throw refusedCondition(400, TOO_MANY_ETAGS);
  return versions;
}

const NO_ETAG = 'This If-Match names no ETag of this thing.';
const TOO_MANY_ETAGS = `An If-Match names at most ${MAX_EXPECTED_VERSIONS} versions.`;

const refusedCondition = (status: number, detail: string): InvalidInput =>
  new InvalidInput([{ detail, header: 'If-Match' }], status);

function readBodies(app: FastifyInstance): void {
  const parse = unambiguousJson(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, body, done);
  });
}

/** What cannot read JSON asks in vain, before anything is executed. */
function isReadable(request: FastifyRequest): boolean {
  const { accept } = request.headers;
  return accept === undefined || accept === '*/*' || accept === TYPES[0] || request.accepts().type(TYPES) !== false;
}

const withStatus = (statusCode: number, message: string): AppError =>
  Object.assign(new AppError('BAD_USER_INPUT', message), { statusCode });

function answerErrors(app: FastifyInstance, { limits, log, methods, answerSessionError }: RestRouteOptions): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = isBadToken(thrown) || isUnknownKey(thrown) ? refuseBadToken(limits, request, reply, thrown) : thrown;
    if (await answerSessionError(error, request, reply)) return reply;
    return answerError(error, reply, log);
  });
  const nowhere = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allow = methods.of(request.url);
    const isKnown = allow !== '' && !allow.split(', ').includes(request.method);
    if (isKnown) reply.header('allow', allow);
    return answerError(errorOfStatus(isKnown ? 405 : 404), reply, log, isKnown ? 405 : 404);
  };
  app.all('/api', nowhere);
  app.all('/api/*', nowhere);
}

function answerError(error: unknown, reply: FastifyReply, log: Logger, given?: number): FastifyReply {
  if (error instanceof InvalidInput)
    return sendProblem(reply, { code: 'BAD_USER_INPUT', message: error.message, parts: error.parts }, error.status);
  if (error instanceof InvalidOperation) return sendProblem(reply, { code: 'BAD_USER_INPUT', message: error.message });
  const status = given ?? (error as { statusCode?: number }).statusCode;
  const failure = error instanceof AppError ? error : errorOfStatus(status ?? 500, error);
  if (failure.code === 'INTERNAL') log.error({ err: error }, 'request failed');
  const { code, message, details } = failure;
  return sendProblem(reply, { code, message, ...details }, status ?? errorCatalogue[code]);
}
