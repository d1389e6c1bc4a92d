import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { experimental, ServerCredentials } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, ConfigError, Every } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

/** How often the files are read: a certificate that was renewed is served without a restart. */
const REREAD_INTERVAL_MS = 60_000;

type Files = Pick<Config, 'GRPC_TLS_CERTIFICATE_FILE' | 'GRPC_TLS_KEY_FILE' | 'GRPC_CLIENT_CA_FILE'>;
type Identity = experimental.IdentityCertificateUpdate;
type Listener<T> = (update: T) => void;

interface Certificates {
  identity: Identity;
  ca?: Buffer;
}

/**
 * The certificates of the gRPC server. They are read again and again, and taken when they fit together: while somebody writes new
 * files, one after the other, the server has those that it had. The provider of grpc-js would refuse connections meanwhile.
 */
@Injectable()
export class CertificatesService implements experimental.CertificateProvider {
  private readonly identityListeners = new Set<Listener<Identity>>();
  private readonly caListeners = new Set<Listener<experimental.CaCertificateUpdate>>();
  private current: Certificates | undefined;

  constructor(@Inject(CONFIG) private readonly files: Files) {
    this.current = this.read();
  }

  /** TLS with the certificate, mutual TLS where there is a CA of clients; without a certificate, which production refuses, neither. */
  credentials(): ServerCredentials {
    if (!this.current) return ServerCredentials.createInsecure();
    const hasCa = this.current.ca !== undefined;
    return experimental.createCertificateProviderServerCredentials(this, hasCa ? this : null, hasCa);
  }

  @Every(REREAD_INTERVAL_MS, 'read the certificates of gRPC again')
  reread(): void {
    if (!this.current) return;
    this.current = this.read();
    for (const listener of this.identityListeners) this.tellIdentity(listener);
    for (const listener of this.caListeners) this.tellCa(listener);
  }

  // Whoever begins to listen learns of it a moment later: grpc-js is not ready for it before.
  addIdentityCertificateListener(listener: Listener<Identity>): void {
    this.identityListeners.add(listener);
    process.nextTick(() => this.tellIdentity(listener));
  }

  removeIdentityCertificateListener(listener: Listener<Identity>): void {
    this.identityListeners.delete(listener);
  }

  addCaCertificateListener(listener: Listener<experimental.CaCertificateUpdate>): void {
    this.caListeners.add(listener);
    process.nextTick(() => this.tellCa(listener));
  }

  removeCaCertificateListener(listener: Listener<experimental.CaCertificateUpdate>): void {
    this.caListeners.delete(listener);
  }

  private tellIdentity(listener: Listener<Identity>): void {
    if (this.current) listener(this.current.identity);
  }

  private tellCa(listener: Listener<experimental.CaCertificateUpdate>): void {
    if (this.current?.ca) listener({ caCertificate: this.current.ca });
  }

  /** What the files hold; throws when they cannot be read or do not fit together, so that no connection is dropped for it. */
  private read(): Certificates | undefined {
    const { GRPC_TLS_CERTIFICATE_FILE, GRPC_TLS_KEY_FILE, GRPC_CLIENT_CA_FILE } = this.files;
    if (!GRPC_TLS_CERTIFICATE_FILE && !GRPC_TLS_KEY_FILE && !GRPC_CLIENT_CA_FILE) return undefined;
    const certificate = this.readFile('GRPC_TLS_CERTIFICATE_FILE');
    const privateKey = this.readFile('GRPC_TLS_KEY_FILE');
    const ca = GRPC_CLIENT_CA_FILE ? this.readFile('GRPC_CLIENT_CA_FILE') : undefined;
    check('GRPC_TLS_KEY_FILE: is not the key of the certificate.', () =>
      createSecureContext({ cert: certificate, key: privateKey }),
    );
    if (ca) check('GRPC_CLIENT_CA_FILE: holds no certificate.', () => new X509Certificate(ca));
    return { identity: { certificate, privateKey }, ...(ca && { ca }) };
  }

  private readFile(name: keyof Files): Buffer {
    const file = this.files[name];
    if (file === undefined) throw new ConfigError(`${name}: is missing, TLS takes a certificate and its key.`);
    return check(`${name}: the file cannot be read.`, () => readFileSync(file));
  }
}

function check<T>(complaint: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new ConfigError(complaint, { cause: error });
  }
}
