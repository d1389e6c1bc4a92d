import type { Metadata } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import type { ValidateRequest, ValidateResponse } from '@fowergram/contracts-grpc';
import { CallersService } from '../calls/callers.service.js';
import { GrpcController } from '../calls/grpc-controller.decorator.js';
import { Scope } from '../calls/scope.decorator.js';
import { TokensService } from './tokens.service.js';

@GrpcController()
export class TokensController {
  constructor(
    private readonly tokens: TokensService,
    private readonly callers: CallersService,
  ) {}

  @GrpcMethod('fowergram.auth.v1.Tokens', 'Validate')
  @Scope('tokens:validate')
  validate({ accessToken }: ValidateRequest, metadata: Metadata): Promise<ValidateResponse> {
    return this.tokens.validate(accessToken, this.callers.requesterOf(metadata));
  }
}
