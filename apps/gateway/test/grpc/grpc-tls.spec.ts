import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { credentials, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { eventually } from '@fowergram/testing';
import { CertificatesService } from '../../src/grpc/server/certificates.service.js';
import { makeCertificates } from '../support/certificates.js';
import { GrpcCaller, type GrpcWorld, openGrpcWorld } from '../support/grpc.js';

const REFLECTION = 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto';

type Method = MethodDefinition<object, object>;
const methodOf = (definition: PackageDefinition, service: string, name: string): Method =>
  (definition[service] as unknown as Record<string, Method>)[name]!;

describe('gRPC in production, with certificates of clients,', () => {
  const files = makeCertificates();
  const renewed = makeCertificates();
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
  const friend = (of = files) =>
    connect(...([of.ca, of.clientKey, of.clientCertificate].map((file) => readFileSync(file)) as Buffer[]));
  const ask = (caller: GrpcCaller) => caller.call('fowergram.v1.Users/BatchGet', { ids: [] }, { deadlineMs: 3_000 });

  it('serves whoever has one', async () => {
    expect(await ask(friend())).toMatchObject({ status: 'OK', answer: { users: [] } });
  });

  it.each([
    ['who has none', () => connect(readFileSync(files.ca))],
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

  describe('whose certificates are renewed,', () => {
    const reread = () => world.app.get(CertificatesService, { strict: false }).reread();

    it('serves whoever comes with those that it had as long as the new ones do not fit together', async () => {
      copyFileSync(renewed.certificate, files.certificate);
      expect(reread).toThrow(/is not the key/);
      expect(await ask(friend())).toMatchObject({ status: 'OK' });
      rmSync(files.key);
      expect(reread).toThrow(/cannot be read/);
      expect(await ask(friend())).toMatchObject({ status: 'OK' });
    });

    it('serves the new ones to whoever comes later, without a restart, and goes on with whoever is there', async () => {
      const there = friend();
      await ask(there);
      copyFileSync(renewed.key, files.key);
      copyFileSync(renewed.ca, files.ca);
      reread();
      expect(await ask(friend(renewed))).toMatchObject({ status: 'OK' });
      expect(await ask(there)).toMatchObject({ status: 'OK' });
    });
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
    [
      'the key of another certificate',
      { GRPC_TLS_CERTIFICATE_FILE: files.certificate, GRPC_TLS_KEY_FILE: files.clientKey },
      /GRPC_TLS_KEY_FILE: is not the key of the certificate/,
    ],
    [
      'a CA of clients that is none',
      {
        GRPC_TLS_CERTIFICATE_FILE: files.certificate,
        GRPC_TLS_KEY_FILE: files.key,
        GRPC_CLIENT_CA_FILE: files.clientKey,
      },
      /GRPC_CLIENT_CA_FILE: holds no certificate/,
    ],
  ])('does not start with %s', (_name, given, message) => {
    const nothing = {
      GRPC_TLS_CERTIFICATE_FILE: undefined,
      GRPC_TLS_KEY_FILE: undefined,
      GRPC_CLIENT_CA_FILE: undefined,
    };
    expect(() => new CertificatesService({ ...nothing, ...given })).toThrow(message);
  });
});
