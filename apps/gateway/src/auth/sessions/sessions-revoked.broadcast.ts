import { z } from 'zod';
import { broadcast } from '@fowergram/contracts-core';

/** The handles of sessions that are over; the gateway tells it to its other replicas. */
export const sessionsRevoked = broadcast('auth.session.revoked', z.array(z.string()));
