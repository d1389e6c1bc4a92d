import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import type { RequestContext } from '../api/context/request-context.js';
import { requireScope } from '../service-accounts/service-keys.service.js';

/** Who looks after webhooks: an administrator after those of all, or a service account after its own. */
export interface Keeper {
  administratorId: string | null;
  /** The account that asks for its own. */
  accountId: string | null;
}

/** Who asks for webhooks; UNAUTHENTICATED or FORBIDDEN for whoever may not. */
export const WebhookKeeper = createParamDecorator((_data: unknown, host: ExecutionContext): Keeper => {
  const { service, session } = host.getArgByIndex<RequestContext>(2);
  if (service) {
    requireScope(service, 'webhooks:manage');
    return { administratorId: null, accountId: service.id };
  }
  if (!session) throw new AppError('UNAUTHENTICATED', 'Sign in to do this.');
  if (session.role !== 'ADMIN') throw new AppError('FORBIDDEN', 'This is not yours to do.');
  return { administratorId: session.userId, accountId: null };
});
