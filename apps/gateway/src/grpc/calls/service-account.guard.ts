import type { Metadata } from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ServiceScope } from '@fowergram/contracts-user';
import { whenKnown } from '../../api/context/when-known.js';
import { CallersService } from './callers.service.js';
import { SCOPE } from './scope.decorator.js';

interface Call {
  getPeer(): string;
}

/** Lets service accounts call what their scopes allow. */
@Injectable()
export class ServiceAccountGuard implements CanActivate {
  constructor(
    private readonly callers: CallersService,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const [, metadata, call] = context.getArgs<[unknown, Metadata, Call]>();
    const scope = this.reflector.get<ServiceScope>(SCOPE, context.getHandler());
    return whenKnown(this.callers.admit(metadata, call.getPeer(), scope), () => true);
  }
}
