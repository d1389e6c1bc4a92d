import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  ca: string;
  certificate: string;
  key: string;
  clientCertificate: string;
  clientKey: string;
}

/** A CA of this test with a certificate for localhost and one for a client, as files. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...key, '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.crt');
  for (const name of ['server', 'client']) {
    const names = name === 'server' ? ['-addext', 'subjectAltName=DNS:localhost'] : [];
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-subj', `/CN=${name}`];
    openssl('req', '-x509', ...key, ...signed, ...names, '-keyout', `${name}.key`, '-out', `${name}.crt`);
  }
  return {
    ca: file('ca.crt'),
    certificate: file('server.crt'),
    key: file('server.key'),
    clientCertificate: file('client.crt'),
    clientKey: file('client.key'),
  };
}
