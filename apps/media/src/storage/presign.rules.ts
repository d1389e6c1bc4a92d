import { createHash, createHmac } from 'node:crypto';

export interface SigningOptions {
  /** The origin that clients see: the signature covers its host. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secretKey: string;
}

const HOUR_MS = 3_600_000;
/** Signed at the start of the hour and good for two: an address lives one to two hours and stays the same within the hour, so that clients can cache it. */
const EXPIRES_SECONDS = 7_200;
/** When the addresses that are signed at `now` (epoch milliseconds) end. */
export const expiryOf = (now: number): Date => new Date(now - (now % HOUR_MS) + EXPIRES_SECONDS * 1_000);

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Makes the function that signs GET addresses (AWS Signature Version 4, in the query). Everything but the path is the same for a
 * whole hour and is computed once: a page of a feed asks for some sixty addresses, so each costs one hash and one HMAC.
 */
export function createUrlSigner(options: SigningOptions): (key: string, now?: number) => string {
  let current: HourlySigner | undefined;
  return (key, now = Date.now()) => {
    const hour = now - (now % HOUR_MS);
    if (current?.hour !== hour) current = signerOf(hour, options);
    return current.sign(key);
  };
}

interface HourlySigner {
  hour: number;
  sign: (key: string) => string;
}

function signerOf(hour: number, { endpoint, bucket, region, accessKey, secretKey }: SigningOptions): HourlySigner {
  const { origin, host } = new URL(endpoint);
  const time = new Date(hour).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretKey}`,
  );
  const query = [
    `X-Amz-Algorithm=${ALGORITHM}`,
    `X-Amz-Credential=${encodeURIComponent(`${accessKey}/${scope}`)}`,
    `X-Amz-Date=${time}`,
    `X-Amz-Expires=${EXPIRES_SECONDS}`,
    'X-Amz-SignedHeaders=host',
  ].join('&');
  const afterPath = `\n${query}\nhost:${host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const toSign = `${ALGORITHM}\n${time}\n${scope}\n`;
  // Our keys are made of characters that need no encoding: see object-keys.rules.ts.
  const sign = (key: string): string => {
    const path = `/${bucket}/${key}`;
    const request = createHash('sha256').update(`GET\n${path}${afterPath}`).digest('hex');
    const signature = createHmac('sha256', signingKey)
      .update(toSign + request)
      .digest('hex');
    return `${origin}${path}?${query}&X-Amz-Signature=${signature}`;
  };
  return { hour, sign };
}
