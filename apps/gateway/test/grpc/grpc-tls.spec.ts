import { readFileSync } from 'node:fs';
import { credentials, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { eventually } from '@fowergram/testing';
import { serverCredentials } from '../../src/grpc/server/server-credentials.js';
import { makeCertificates } from '../support/certificates.js';
import { GrpcCaller, type GrpcWorld, openGrpcWorld } from '../support/grpc.js';

const REFLECTION = 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto';

type Method = MethodDefinition<object, object>;
const methodOf = (definition: PackageDefinition, service: string, name: string): Method =>
  (definition[service] as unknown as Record<string, Method>)[name]!;

describe('gRPC in production, with certificates of clients,', () => {
  const files = makeCertificates();
  const callers: GrpcCaller[] = [];
  let world: GrpcWorld;

  beforeAll(async () => {
    world = await openGrpcWorld({
      ENVIRONMENT: 'production',
      GRPC_TLS_CERTIFICATE_FILE: files.certificate,
      GRPC_TLS_KEY_FILE: files.key,
      GRPC_CLIENT_CA_FILE: files.ca,
    });
  });
  afterAll(async () => {
    for (const caller of callers) caller.close();
    await world?.close();
  });

  const connect = (...given: Parameters<typeof credentials.createSsl>): GrpcCaller => {
    const address = world.address.replace('127.0.0.1', 'localhost');
    const caller = new GrpcCaller(address, world.key, credentials.createSsl(...given));
    callers.push(caller);
    return caller;
  };
  const [ca, key, certificate] = [files.ca, files.clientKey, files.clientCertificate].map((file) => readFileSync(file));
  const friend = () => connect(ca, key, certificate);
  const ask = (caller: GrpcCaller) => caller.call('fowergram.v1.Users/BatchGet', { ids: [] }, { deadlineMs: 3_000 });

  it('serves whoever has one', async () => {
    expect(await ask(friend())).toMatchObject({ status: 'OK', answer: { users: [] } });
  });

  it.each([
    ['who has none', () => connect(ca)],
    ['who speaks no TLS', () => world.caller],
  ])('serves nobody %s', async (_name, stranger) => {
    expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain((await ask(stranger())).status);
  });

  it('says without a key that it is serving', async () => {
    const check = methodOf(loadSync(protoPath), 'grpc.health.v1.Health', 'Check');
    const caller = friend();
    const isServing = async () => {
      const { answer } = await caller.callDefined(check, { service: '' });
      return (answer as { status: number | string }).status;
    };
    await eventually(async () => expect(await isServing()).toBe(1));
  });

  it('tells what its services are', async () => {
    const info = methodOf(loadSync(REFLECTION), 'grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo');
    const stream = friend().client.makeBidiStreamRequest(info.path, info.requestSerialize, info.responseDeserialize);
    stream.end({ listServices: '' });
    const [answer] = (await stream.toArray()) as { listServicesResponse: { service: { name: string }[] } }[];
    expect(answer!.listServicesResponse.service.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['fowergram.auth.v1.Tokens', 'fowergram.v1.Events', 'fowergram.v1.Posts']),
    );
  });

  it.each([
    [
      'a certificate without its key',
      { GRPC_TLS_CERTIFICATE_FILE: files.certificate },
      /GRPC_TLS_KEY_FILE: is missing/,
    ],
    ['a CA of clients alone', { GRPC_CLIENT_CA_FILE: files.ca }, /GRPC_TLS_CERTIFICATE_FILE: is missing/],
    [
      'a file that is not there',
      { GRPC_TLS_CERTIFICATE_FILE: '/nowhere/tls.crt', GRPC_TLS_KEY_FILE: files.key },
      /GRPC_TLS_CERTIFICATE_FILE: the file cannot be read/,
    ],
  ])('does not start with %s', (_name, given, message) => {
    const nothing = {
      GRPC_TLS_CERTIFICATE_FILE: undefined,
      GRPC_TLS_KEY_FILE: undefined,
      GRPC_CLIENT_CA_FILE: undefined,
    };
    expect(() => serverCredentials({ ...nothing, ...given })).toThrow(message);
  });
});
