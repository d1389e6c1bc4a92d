import { Injectable } from '@nestjs/common';
import { badInput } from '@fowergram/contracts-core';
import type { ValidateResponse } from '@fowergram/contracts-grpc';
import { SessionVerificationService } from '../../auth/sessions/session-verification.service.js';
import type { Requester } from '../../limits/counted-limits.js';
import { RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import { GRPC_BOUNDS } from '../grpc.config.js';
import { presentSession } from './tokens.presenter.js';
import { invalidReasonOf } from './invalid-tokens.rules.js';

/** Tells other back ends whose access token it is, by the same look that every request of a user gets. */
@Injectable()
export class TokensService {
  constructor(
    private readonly sessions: SessionVerificationService,
    private readonly limits: RateLimitsService,
  ) {}

  async validate(accessToken: string, caller: Requester): Promise<ValidateResponse> {
    if (accessToken === '') throw badInput(['access_token'], 'Send the access token of a user.');
    if (accessToken.length > GRPC_BOUNDS.tokenLength)
      throw badInput(['access_token'], `A token has at most ${GRPC_BOUNDS.tokenLength} characters.`);
    requireAdmission(this.limits.admitCall('tokenChecks', caller, 1));
    try {
      return { session: presentSession(await this.sessions.ofToken(accessToken)) };
    } catch (error) {
      const reason = invalidReasonOf(error, accessToken);
      if (!reason) throw error;
      return { invalidToken: { reason } };
    }
  }
}
