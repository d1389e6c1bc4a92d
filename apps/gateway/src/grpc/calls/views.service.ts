import type { Metadata } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { OperationsService } from '../../api/context/operations.service.js';
import type { RequestContext } from '../../api/context/request-context.js';
import { parseId } from '../../api/schema/global-id.js';
import { ROOT_FIELD_POINTS } from '../../limits/limits.config.js';
import { RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import { AdmissionService } from '../../overload/admission.service.js';
import type { Session } from '../../auth/sessions/session.js';
import { CallersService } from './callers.service.js';
import { correlationIdOfCall } from './correlation-id.js';

/** Shows a caller what somebody sees, by the same loaders as the API and within the same limits. */
@Injectable()
export class ViewsService {
  constructor(
    private readonly callers: CallersService,
    private readonly limits: RateLimitsService,
    private readonly admission: AdmissionService,
    private readonly operations: OperationsService,
  ) {}

  /** Looks up `count` things for the viewer with this id; empty is a visitor, and whoever may not sign in sees nothing. */
  async as<T>(
    viewerId: string,
    count: number,
    metadata: Metadata,
    look: (context: RequestContext) => T[] | Promise<T[]>,
  ): Promise<T[]> {
    const session = viewerId === '' ? null : viewing(parseId('user', viewerId, ['viewer_id']));
    const requester = this.callers.requesterOf(metadata);
    const points = ROOT_FIELD_POINTS + count;
    requireAdmission(this.limits.admitCall('reads', requester, points));
    const leave = await this.admission.enter(requester, points);
    try {
      const context = this.operations.begin(session, { correlationId: correlationIdOfCall(metadata) });
      if (session && !(await context.loaders.users.get(session.userId))) return [];
      return await look(context);
    } finally {
      leave();
    }
  }
}

/** Whoever is viewed for has not signed in here, and is nobody but a user. */
const viewing = (userId: string): Session => ({
  userId,
  handle: '',
  role: 'USER',
  hasGivenSecondFactor: false,
  expiresAt: 0,
  issuedAt: 0,
});
