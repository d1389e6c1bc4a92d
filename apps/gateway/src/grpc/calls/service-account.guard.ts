import type { Metadata } from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ServiceScope } from '@fowergram/contracts-user';
import { whenKnown } from '../../api/context/when-known.js';
import { AdmissionService } from '../../overload/admission.service.js';
import { requireScope } from '../../service-accounts/service-keys.service.js';
import { CallersService } from './callers.service.js';
import { SCOPE } from './scope.decorator.js';

interface Call {
  getPeer(): string;
}

/** Lets service accounts call what their scopes allow, as long as there is not too much to do. */
@Injectable()
export class ServiceAccountGuard implements CanActivate {
  constructor(
    private readonly callers: CallersService,
    private readonly admission: AdmissionService,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const [, metadata, call] = context.getArgs<[unknown, Metadata, Call]>();
    // Calls are as many as their connections let through: what counts here is how late the process is.
    this.admission.enterRequest(true)();
    const scope = this.reflector.get<ServiceScope>(SCOPE, context.getHandler());
    return whenKnown(this.callers.identify(metadata, call.getPeer()), (caller) => {
      requireScope(caller, scope);
      return true;
    });
  }
}
