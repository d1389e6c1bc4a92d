import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { EnvelopeInterceptor } from './envelope.interceptor.js';
import { GrpcErrorsFilter } from './grpc-errors.filter.js';
import { ServiceAccountGuard } from './service-account.guard.js';

/** The methods of a gRPC service: for service accounts alone, with typed statuses, each call in an envelope of its own. */
export const GrpcController = () =>
  applyDecorators(
    Controller(),
    UseGuards(ServiceAccountGuard),
    UseInterceptors(EnvelopeInterceptor),
    UseFilters(GrpcErrorsFilter),
  );
