import type { Server, ServerUnaryCall, sendUnaryData, ServiceDefinition } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import type { ValidateRequest, ValidateResponse } from '@fowergram/contracts-grpc';
import { CallersService } from '../calls/callers.service.js';
import { FailuresService } from '../calls/failures.service.js';
import { TokensService } from './tokens.service.js';

type Call = ServerUnaryCall<ValidateRequest, ValidateResponse>;

/**
 * Tokens/Validate, which back ends call at each request of theirs: grpc-js calls it without the pipeline of Nest, which costs more
 * than the look at a known token (ADR 62).
 */
@Injectable()
export class ValidateMethodService {
  constructor(
    private readonly callers: CallersService,
    private readonly tokens: TokensService,
    private readonly failures: FailuresService,
  ) {}

  addTo(server: Server, definition: ServiceDefinition): void {
    server.addService(definition, {
      validate: (call: Call, reply: sendUnaryData<ValidateResponse>) => this.answer(call, reply),
    });
  }

  /** A known key and a known token are answered at once, without a promise. */
  private answer(call: Call, reply: sendUnaryData<ValidateResponse>): void {
    try {
      const answer = this.validate(call);
      if (answer instanceof Promise)
        answer.then(
          (later) => reply(null, later),
          (error: unknown) => reply(this.failures.statusOf(error, call.metadata)),
        );
      else reply(null, answer);
    } catch (error) {
      reply(this.failures.statusOf(error, call.metadata));
    }
  }

  private validate(call: Call): ValidateResponse | Promise<ValidateResponse> {
    const { accessToken } = call.request;
    const caller = this.callers.admit(call.metadata, call.getPeer(), 'tokens:validate');
    if (caller instanceof Promise) return caller.then((known) => this.tokens.validate(accessToken, known));
    return this.tokens.validate(accessToken, caller);
  }
}
