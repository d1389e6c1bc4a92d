import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { PROTO_FOLDER, PROTO_LOADER } from '@fowergram/contracts-grpc';

const definition = loadSync('fowergram/auth/v1/tokens.proto', { ...PROTO_LOADER, includeDirs: [PROTO_FOLDER] });

/** Tokens/Validate as a client and a server of grpc-js know it. */
export const VALIDATE = (
  definition['fowergram.auth.v1.Tokens'] as unknown as { Validate: MethodDefinition<object, object> }
).Validate;
