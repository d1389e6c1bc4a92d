import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import type { Role } from '@fowergram/contracts-user';
import type { RequestContext } from './request-context.js';
import type { Session } from '../../auth/sessions/session.js';

const contextOf = (host: ExecutionContext): RequestContext => host.getArgByIndex<RequestContext>(2);

/** The id of the signed-in user; an operation that takes it answers UNAUTHENTICATED without a session. */
export const ViewerId = createParamDecorator((_data: unknown, host: ExecutionContext): string =>
  contextOf(host).signedIn(),
);

/** The session of the signed-in user; an operation that takes it answers UNAUTHENTICATED without one. */
export const Viewer = createParamDecorator((_data: unknown, host: ExecutionContext): Session => {
  const context = contextOf(host);
  context.signedIn();
  return context.session!;
});

const withRole = (roles: Role[]) =>
  createParamDecorator((_data: unknown, host: ExecutionContext): string => {
    const context = contextOf(host);
    const userId = context.signedIn();
    if (!roles.includes(context.session!.role)) throw new AppError('FORBIDDEN', 'This is not yours to do.');
    return userId;
  });

/** The id of the signed-in moderator or administrator; FORBIDDEN for everybody else. */
export const ModeratorId = withRole(['MODERATOR', 'ADMIN']);
/** The id of the signed-in administrator; FORBIDDEN for everybody else. */
export const AdminId = withRole(['ADMIN']);
