import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getSession } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import { type RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import type { AuthLimitsService, Held } from './auth-limits.service.js';
import { accountOf, type Body, checkQuery, readBody } from './body.rules.js';
import { endpointOf } from './endpoints.rules.js';
import { addressKey } from './keys.rules.js';
import { type Action, type ActionName, actions, isPaced, msToNextTick, outcomeOf } from './limits.rules.js';

/** A request while it is on its way: what it tries and the points that it holds. */
interface Attempt {
  startedAt: number;
  name: ActionName;
  address: string;
  held?: Held;
}

/**
 * Counts what comes in to /auth before anybody acts on it, and sends what goes out at its time. Called before the SDK's hook is added.
 * The returned function tells whether a request has its answer, be it still on its way.
 */
export function limitAttempts(
  app: FastifyInstance,
  limits: AuthLimitsService,
  requests: RateLimitsService,
): (request: FastifyRequest) => boolean {
  const attempts = new WeakMap<FastifyRequest, Attempt>();
  const answered = new WeakSet<FastifyRequest>();

  app.addHook('onRequest', async (request) => {
    const endpoint = endpointOf(request.method, request.url);
    if (!endpoint) throw new AppError('NOT_FOUND', 'There is no such endpoint.');
    const address = addressKey(request);
    if (endpoint.action) attempts.set(request, { startedAt: performance.now(), name: endpoint.action, address });
    else requireAdmission(requests.admitRequest(address));
  });

  app.addHook('preHandler', async (request, reply) => {
    checkQuery(request.query);
    const body = readBody(request.body);
    if (request.method === 'POST') request.body = body;
    const attempt = attempts.get(request);
    if (!attempt) return;
    const account = await whoseAccount(actions[attempt.name], body, request, reply);
    attempt.held = await limits.take(attempt.name, { account, address: attempt.address });
  });

  app.addHook('onSend', async (request, reply, payload) => {
    answered.add(request);
    const attempt = attempts.get(request);
    if (!attempt?.held) return payload;
    const action = actions[attempt.name];
    const answer = readAnswer(payload);
    const outcome = outcomeOf(action, reply.statusCode, answer.status);
    await limits.release(attempt.held, outcome);
    if (outcome === 'success')
      await Promise.all((answer.user?.emails ?? []).map((email) => limits.remember(email, attempt.address)));
    if (isPaced(action, outcome)) await wait(msToNextTick(performance.now() - attempt.startedAt));
    return payload;
  });

  return (request) => answered.has(request);
}

async function whoseAccount(
  action: Action,
  body: Body,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | undefined> {
  if (action.account !== 'session') return accountOf(action.account, body);
  // A session whose claims are not in order is just what asks for a verification mail. A false one is refused by the SDK afterwards.
  const session = await getSession(request, reply, {
    sessionRequired: false,
    overrideGlobalClaimValidators: () => [],
  }).catch(() => undefined);
  return session?.getUserId();
}

interface Answer {
  status?: string;
  user?: { emails?: string[] };
}

function readAnswer(payload: unknown): Answer {
  if (typeof payload !== 'string') return {};
  try {
    return (JSON.parse(payload) as Answer | null) ?? {};
  } catch {
    return {};
  }
}
