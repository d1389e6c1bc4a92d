import { applyDecorators, Controller, UseFilters, UseGuards } from '@nestjs/common';
import { GrpcErrorsFilter } from './grpc-errors.filter.js';
import { ServiceAccountGuard } from './service-account.guard.js';

/** The methods of a gRPC service: for service accounts alone, with typed statuses. */
export const GrpcController = () =>
  applyDecorators(Controller(), UseGuards(ServiceAccountGuard), UseFilters(GrpcErrorsFilter));
