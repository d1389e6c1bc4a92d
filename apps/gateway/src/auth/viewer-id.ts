import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext } from '../api/request-context.js';

/** The id of the signed-in user; an operation that takes it answers UNAUTHENTICATED without a session. */
export const ViewerId = createParamDecorator((_data: unknown, host: ExecutionContext): string => host.getArgByIndex<RequestContext>(2).signedIn());
