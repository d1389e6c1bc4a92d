import type { Server, ServiceDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServerGrpc } from '@nestjs/microservices';
import { Registry } from 'prom-client';
import { PROTO_FILES, PROTO_FOLDER, PROTO_LOADER } from '@fowergram/contracts-grpc';
import { CONFIG, Transports } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { GRPC_BOUNDS } from '../grpc.config.js';
import { ValidateMethodService } from '../tokens/validate-method.service.js';
import { GrpcHealthService } from './grpc-health.service.js';
import { accompanyCalls } from './accompany-calls.js';
import { CertificatesService } from './certificates.service.js';

/** All but that of Tokens, whose method needs none of Nest. */
const PACKAGES_OF_CONTROLLERS = ['fowergram.v1'];
const TOKENS = 'fowergram.auth.v1.Tokens';

/** Nest's own gRPC transport, with Tokens, health and reflection beside our controllers. */
@Injectable()
export class GrpcServerService implements BeforeApplicationShutdown, OnApplicationShutdown {
  private server: Server | undefined;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) config: Config,
    transports: Transports,
    certificates: CertificatesService,
    private readonly health: GrpcHealthService,
    private readonly validate: ValidateMethodService,
    metrics: Registry,
  ) {
    transports.add(
      new ServerGrpc({
        url: `0.0.0.0:${config.GRPC_PORT}`,
        credentials: certificates.credentials(),
        package: PACKAGES_OF_CONTROLLERS,
        protoPath: PROTO_FILES,
        loader: { ...PROTO_LOADER, includeDirs: [PROTO_FOLDER] },
        maxReceiveMessageLength: GRPC_BOUNDS.messageBytes,
        keepalive: { keepaliveTimeMs: GRPC_BOUNDS.keepaliveMs },
        channelOptions: {
          'grpc.max_concurrent_streams': GRPC_BOUNDS.streamsOfConnection,
          interceptors: [accompanyCalls(metrics)],
        },
        gracefulShutdown: true,
        onLoadPackageDefinition: (definition, server) =>
          this.serveBeside(definition as PackageDefinition, server as Server),
      }),
    );
  }

  /** Calls that are under way may end; whoever never reads its answer must not hold the process. */
  beforeApplicationShutdown(): void {
    this.deadline = setTimeout(() => this.server?.forceShutdown(), GRPC_BOUNDS.drainMs);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.deadline);
  }

  private serveBeside(definition: PackageDefinition, server: Server): void {
    this.server = server;
    this.health.addTo(server);
    this.validate.addTo(server, definition[TOKENS] as ServiceDefinition);
    new ReflectionService(definition).addToServer(server);
  }
}
