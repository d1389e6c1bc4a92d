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

  /** Whose token it is: at once where it was verified before. */
  validate(accessToken: string, caller: Requester): ValidateResponse | Promise<ValidateResponse> {
    if (accessToken === '') throw badInput(['access_token'], 'Send the access token of a user.');
    if (accessToken.length > GRPC_BOUNDS.tokenLength)
      throw badInput(['access_token'], `A token has at most ${GRPC_BOUNDS.tokenLength} characters.`);
    requireAdmission(this.limits.admitCall('tokenChecks', caller, 1));
    try {
      const known = this.sessions.recall(accessToken);
      return known ? { session: presentSession(known) } : this.verify(accessToken);
    } catch (error) {
      return presentInvalid(error, accessToken);
    }
  }

  private async verify(accessToken: string): Promise<ValidateResponse> {
    try {
      return { session: presentSession(await this.sessions.ofToken(accessToken)) };
    } catch (error) {
      return presentInvalid(error, accessToken);
    }
  }
}

/** The answer for a token that is worth nothing; throws what says nothing of the token. */
function presentInvalid(error: unknown, accessToken: string): ValidateResponse {
  const reason = invalidReasonOf(error, accessToken);
  if (!reason) throw error;
  return { invalidToken: { reason } };
}
