import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SignInMethod, SignInOutcome } from '@fowergram/contracts-user';
import { clientOf } from '../supertokens/request-client.js';
import { SecurityEmailsService } from '../mail/security-emails.service.js';
import { SignInHistoryClient } from './sign-in-history.client.js';

export interface CompletedSignIn {
  userId: string;
  handle: string;
  method: SignInMethod | null;
  outcome: Extract<SignInOutcome, 'SIGNED_UP' | 'SIGNED_IN'>;
}

/** What a sign-in causes once nothing more is asked of the user: it has happened, so none of this fails it. */
@Injectable()
export class SignInCompletionService {
  constructor(
    private readonly signInHistory: SignInHistoryClient,
    private readonly securityEmails: SecurityEmailsService,
  ) {}

  async complete({ userId, handle, method, outcome }: CompletedSignIn, request: FastifyRequest): Promise<void> {
    const client = clientOf(request);
    const { isNewDevice, device } = await this.signInHistory.record({
      userId,
      client,
      method,
      outcome,
      sessionHandle: handle,
    });
    if (isNewDevice && outcome === 'SIGNED_IN') this.securityEmails.newSignIn(userId, device, client);
  }
}
