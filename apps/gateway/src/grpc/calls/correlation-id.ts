import type { Metadata } from '@grpc/grpc-js';
import { chooseCorrelationId, CORRELATION_HEADER } from '../../http/correlation-id.js';

/** The id by which a call is found in the logs: that of the caller, where it is short and plain, or a new one that the call keeps. */
export function correlationIdOfCall(metadata: Metadata): string {
  const given = metadata.get(CORRELATION_HEADER)[0];
  const id = chooseCorrelationId({ [CORRELATION_HEADER]: String(given ?? '') });
  if (id !== given) metadata.set(CORRELATION_HEADER, id);
  return id;
}
