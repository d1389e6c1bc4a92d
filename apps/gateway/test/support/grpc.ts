import { randomBytes } from 'node:crypto';
import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { PROTO_FILES, PROTO_FOLDER, PROTO_LOADER } from '@fowergram/contracts-grpc';
import { hashOfServiceKey, serviceAccountRpc, type ServiceCaller, ServiceScope } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { freePort } from '@fowergram/testing';
import { openWorld, type World } from './world.js';

type Method = MethodDefinition<object, object>;

export interface CallOptions {
  key?: string | undefined;
  metadata?: Record<string, string>;
  deadlineMs?: number;
}

/** What a call has come to: its answer, or its status with what stands in the trailing metadata. */
export interface Outcome {
  status: string;
  // Whatever the method answers: tests read into it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  answer?: any;
  message?: string;
  trailers: Record<string, string>;
}

const definition: PackageDefinition = loadSync([...PROTO_FILES, 'google/protobuf/timestamp.proto'], {
  ...PROTO_LOADER,
  includeDirs: [PROTO_FOLDER],
});

/** A client by grpc-js, as another back end would have it, with a connection of its own. */
export class GrpcCaller {
  readonly client: Client;

  constructor(
    address: string,
    private readonly key?: string,
    tls: ChannelCredentials = credentials.createInsecure(),
  ) {
    this.client = new Client(address, tls, { 'grpc.use_local_subchannel_pool': 1 });
  }

  /** Calls `fowergram.v1.Users/BatchGet` or another of our methods. */
  call(path: string, request: object, options: CallOptions = {}): Promise<Outcome> {
    const { method, metadata, deadline } = this.prepare(path, options);
    return new Promise((resolve) => {
      const { requestSerialize, responseDeserialize } = method;
      this.client.makeUnaryRequest(
        method.path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        { deadline },
        (error, answer) =>
          resolve(error ? outcomeOf(error) : { status: 'OK', answer: answer as Outcome['answer'], trailers: {} }),
      );
    });
  }

  /** Opens a stream of answers. */
  open(path: string, request: object, options: CallOptions = {}): ClientReadableStream<object> {
    const { method, metadata, deadline } = this.prepare(path, options);
    return this.client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline },
    );
  }

  /** Calls a method of a service that is not ours, by its definition. */
  callDefined({ path, requestSerialize, responseDeserialize }: Method, request: object): Promise<Outcome> {
    return new Promise((resolve) =>
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
        resolve(error ? outcomeOf(error) : { status: 'OK', answer, trailers: {} }),
      ),
    );
  }

  close(): void {
    this.client.close();
  }

  private prepare(path: string, { key = this.key, metadata = {}, deadlineMs = 10_000 }: CallOptions) {
    const [service, name] = path.split('/') as [string, string];
    const method = (definition[service] as unknown as Record<string, Method>)[name]!;
    const sent = new Metadata();
    if (key !== undefined) sent.set('authorization', `Bearer ${key}`);
    for (const [header, value] of Object.entries(metadata)) sent.set(header, value);
    return { method, metadata: sent, deadline: Date.now() + deadlineMs };
  }
}

/** A failure as tests look at it. */
export const outcomeOf = ({ code, details, metadata }: ServiceError): Outcome => ({
  status: status[code],
  message: details,
  trailers: Object.fromEntries(Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)])),
});

export const aServiceKey = (): string => `fgk_${randomBytes(32).toString('base64url')}`;

export type GrpcWorld = Awaited<ReturnType<typeof openGrpcWorld>>;

/** A gateway with gRPC, and service accounts whose keys the user service knows. */
export async function openGrpcWorld(variables: Record<string, string> = {}) {
  const port = await freePort();
  const world: World = await openWorld({ GRPC_PORT: String(port), ...variables });
  const callers = new Map<string, ServiceCaller>();
  const address = `127.0.0.1:${port}`;
  await world.answer(serviceAccountRpc.verify, ({ keyHash }) => ({ caller: callers.get(keyHash) ?? null }));

  /** Makes a service account with these scopes, which are all of them by default; answers its key. */
  function addKey(scopes: readonly ServiceScope[] = ServiceScope.options): string {
    const key = aServiceKey();
    callers.set(hashOfServiceKey(key), { id: newId(), scopes: [...scopes] });
    return key;
  }

  const key = addKey();
  const caller = new GrpcCaller(address, key);
  return {
    ...world,
    address,
    key,
    addKey,
    /** Whom the user service knows, by the hash of the key. */
    callers,
    caller,
    close: async () => {
      caller.close();
      await world.close();
    },
  };
}
