import { type SessionMessage, timestampOf } from '@fowergram/contracts-grpc';
import { globalId } from '../../api/schema/global-id.js';
import type { Session } from '../../auth/sessions/session.js';

export const presentSession = (session: Session): SessionMessage => ({
  userId: globalId('user', session.userId),
  role: `ROLE_${session.role}`,
  secondFactor: session.hasGivenSecondFactor ? 'SECOND_FACTOR_GIVEN' : 'SECOND_FACTOR_OFF',
  issueTime: timestampOf(session.issuedAt),
  expireTime: timestampOf(session.expiresAt),
});
