import { SetMetadata } from '@nestjs/common';
import type { ServiceScope } from '@fowergram/contracts-user';

export const SCOPE = 'grpc:scope';

/** What a service account must have to call this method. */
export const Scope = (scope: ServiceScope) => SetMetadata(SCOPE, scope);
