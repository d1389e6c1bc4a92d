import { readFileSync } from 'node:fs';
import { experimental, ServerCredentials } from '@grpc/grpc-js';
import { ConfigError } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

type TlsFiles = Pick<Config, 'GRPC_TLS_CERTIFICATE_FILE' | 'GRPC_TLS_KEY_FILE' | 'GRPC_CLIENT_CA_FILE'>;

/** How often the files are read: a certificate that was renewed is served without a restart. */
const REREAD_INTERVAL_MS = 60_000;

/** TLS with the certificate, mutual TLS where there is a CA of clients; without a certificate, which production refuses, neither. */
export function serverCredentials(files: TlsFiles): ServerCredentials {
  const {
    GRPC_TLS_CERTIFICATE_FILE: certificateFile,
    GRPC_TLS_KEY_FILE: privateKeyFile,
    GRPC_CLIENT_CA_FILE: caFile,
  } = files;
  requireReadable(files);
  if (!certificateFile || !privateKeyFile) return ServerCredentials.createInsecure();
  const provider = new experimental.FileWatcherCertificateProvider({
    certificateFile,
    privateKeyFile,
    caCertificateFile: caFile,
    refreshIntervalMs: REREAD_INTERVAL_MS,
  });
  return experimental.createCertificateProviderServerCredentials(
    provider,
    caFile ? provider : null,
    caFile !== undefined,
  );
}

/** What cannot work is said at the start, and not by connections that are dropped. */
function requireReadable(files: TlsFiles): void {
  const names = ['GRPC_TLS_CERTIFICATE_FILE', 'GRPC_TLS_KEY_FILE', 'GRPC_CLIENT_CA_FILE'] as const;
  if (names.every((name) => files[name] === undefined)) return;
  for (const name of names.filter((each) => each !== 'GRPC_CLIENT_CA_FILE' || files[each] !== undefined)) {
    const file = files[name];
    if (file === undefined) throw new ConfigError(`${name}: is missing, TLS takes a certificate and its key.`);
    try {
      readFileSync(file);
    } catch (error) {
      throw new ConfigError(`${name}: the file cannot be read.`, { cause: error });
    }
  }
}
