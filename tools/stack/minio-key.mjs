import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const POLICY = 'media-bucket';
const script = new URL('../docker/minio/make-bucket.sh', import.meta.url);
const region = 'us-east-1';

/**
 * Makes a key that opens one bucket of a MinIO and nothing else, as make-bucket.sh does with `mc`, under the same policy. Safe to run again.
 * @param {import('minio').Client} administrator
 * @param {{ bucket: string, rootSecret: string, accessKey: string, secretKey: string }} key `rootSecret` is that of the administrator
 */
export async function makeBucketKey(administrator, { bucket, rootSecret, accessKey, secretKey }) {
  const put = (call, parameters, body) =>
    administrator.makeRequestAsyncOmit(
      {
        method: 'PUT',
        bucketName: 'minio',
        objectName: `admin/v3/${call}`,
        query: String(new URLSearchParams(parameters)),
      },
      body,
      [200],
      region,
    );
  const user = encrypt(rootSecret, JSON.stringify({ secretKey, status: 'enabled' }));
  await put('add-canned-policy', { name: POLICY }, policyOf(bucket));
  await put('add-user', { accessKey }, user);
  await put('set-user-or-group-policy', { policyName: POLICY, userOrGroup: accessKey, isGroup: 'false' });
}

/** The policy stands in the script alone, so that it is the same everywhere. */
function policyOf(bucket) {
  const [, policy] = /<<JSON\n(.*?)\nJSON\n/s.exec(readFileSync(script, 'utf8'));
  return policy.replaceAll('$MINIO_BUCKET', bucket);
}

/**
 * What MinIO's administration takes secrets in (`EncryptData` of madmin-go): AES-256-GCM under a key made of the root's secret, as a
 * stream of one last piece. It decrypts this form, that of FIPS machines, on every machine.
 */
function encrypt(password, text) {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)];
  const key = pbkdf2Sync(password, salt, 8_192, 32, 'sha256');
  const seal = (piece, plain, additional) => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(piece);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, number])).setAAD(additional);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const head = seal(0, '', Buffer.alloc(0));
  const last = seal(1, text, Buffer.concat([Buffer.of(0x80), head]));
  return Buffer.concat([salt, Buffer.of(0x02), nonce, last]);
}
