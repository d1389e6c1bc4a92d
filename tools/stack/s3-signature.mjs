import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.mjs';

const algorithm = 'AWS4-HMAC-SHA256';
const skewMs = 15 * 60_000;
const longestExpirySeconds = 7 * 24 * 3600;
export const region = 'us-east-1';
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * Proves that a request was signed with our credentials, by its headers or by its query.
 * @param {{ method: string, path: string, query: [string, string][], headers: import('node:http').IncomingHttpHeaders }} request `path` as it was sent
 * @param {{ accessKey: string, secretKey: string }} credentials
 * @returns {{ payloadHash: string }} what the body must hash to, or that it is not part of the signature
 */
export function verifySignature(request, credentials, now = Date.now()) {
  const names = request.query.map(([name]) => name.toLowerCase());
  const byQuery = names.some((name) => name === 'x-amz-signature' || name === 'x-amz-algorithm');
  const byHeader = request.headers.authorization !== undefined;
  if (names.includes('signature') || names.includes('awsaccesskeyid'))
    throw new S3Error('InvalidRequest', `Only ${algorithm} is supported.`);
  if (!byQuery && !byHeader) throw new S3Error('AccessDenied', 'Access Denied.');
  if (byQuery && byHeader) throw new S3Error('InvalidArgument', 'Only one authentication mechanism is allowed.');
  return byQuery ? verifyQuery(request, credentials, now) : verifyHeader(request, credentials, now);
}

function verifyHeader(request, credentials, now) {
  const { authorization } = request.headers;
  if (!authorization.startsWith(`${algorithm} `))
    throw new S3Error('InvalidRequest', `Only ${algorithm} is supported.`);
  const parts = Object.fromEntries(
    authorization
      .slice(algorithm.length + 1)
      .split(',')
      .map((part) => part.trim().split(/=(.*)/s).slice(0, 2)),
  );
  if (!parts.Credential || !parts.SignedHeaders || !parts.Signature)
    throw new S3Error('AuthorizationHeaderMalformed', 'Credential, SignedHeaders and Signature are needed.');
  const date = request.headers['x-amz-date'] ?? '';
  const time = parseAmzDate(date);
  if (time === undefined) throw new S3Error('AccessDenied', 'A valid x-amz-date header is needed.');
  const scope = checkScope(parts.Credential, date, credentials, 'AuthorizationHeaderMalformed');
  if (Math.abs(now - time) > skewMs)
    throw new S3Error('RequestTimeTooSkewed', 'The time of the request differs too much from the time of the server.');
  const payloadHash = request.headers['x-amz-content-sha256'];
  if (!payloadHash) throw new S3Error('InvalidRequest', 'Missing required header: x-amz-content-sha256.');
  // @NOTE Chunked signatures, and unsigned trailers above all, are where MinIO was open to writes by strangers. Nothing of ours sends them.
  if (payloadHash.startsWith('STREAMING-')) throw new S3Error('NotImplemented', 'Chunked uploads are not supported.');
  if (payloadHash !== unsignedPayload && !/^[0-9a-f]{64}$/.test(payloadHash))
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be a SHA-256 in hex.');
  const signedHeaders = checkSignedHeaders(parts.SignedHeaders, request.headers);
  check(
    request,
    { date, scope, signedHeaders, payloadHash, signature: parts.Signature, query: request.query },
    credentials,
  );
  return { payloadHash };
}

function verifyQuery(request, credentials, now) {
  const one = (name) => {
    const values = request.query.filter(([key]) => key === name);
    if (values.length !== 1) throw new S3Error('AuthorizationQueryParametersError', `Exactly one ${name} is needed.`);
    return values[0][1];
  };
  if (one('X-Amz-Algorithm') !== algorithm)
    throw new S3Error('AuthorizationQueryParametersError', `X-Amz-Algorithm must be ${algorithm}.`);
  const date = one('X-Amz-Date');
  const time = parseAmzDate(date);
  if (time === undefined)
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Date must be in the ISO 8601 basic format.');
  const expires = one('X-Amz-Expires');
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > longestExpirySeconds) {
    throw new S3Error(
      'AuthorizationQueryParametersError',
      `X-Amz-Expires must be between 1 and ${longestExpirySeconds} seconds.`,
    );
  }
  const scope = checkScope(one('X-Amz-Credential'), date, credentials, 'AuthorizationQueryParametersError');
  if (time - now > skewMs) throw new S3Error('AccessDenied', 'Request is not valid yet.');
  if (now > time + Number(expires) * 1000) throw new S3Error('AccessDenied', 'Request has expired.');
  const signedHeaders = checkSignedHeaders(one('X-Amz-SignedHeaders'), request.headers);
  const signature = one('X-Amz-Signature');
  const query = request.query.filter(([name]) => name !== 'X-Amz-Signature');
  const payloadHash = request.headers['x-amz-content-sha256'] ?? unsignedPayload;
  check(request, { date, scope, signedHeaders, payloadHash, signature, query }, credentials);
  return { payloadHash };
}

/** Proves the signature of a POST policy, which signs the policy's text and nothing else. */
export function verifyPolicySignature({ policy, credential, date, signature, algorithm: named }, credentials) {
  if (named !== algorithm) throw new S3Error('InvalidArgument', `x-amz-algorithm must be ${algorithm}.`);
  if (parseAmzDate(date) === undefined)
    throw new S3Error('InvalidArgument', 'x-amz-date must be in the ISO 8601 basic format.');
  checkScope(credential, date, credentials, 'InvalidArgument');
  const expected = createHmac('sha256', signingKey(credentials.secretKey, date)).update(policy).digest('hex');
  if (!sameText(expected, signature)) throw mismatch();
}

function checkScope(credential, date, { accessKey }, malformed) {
  const [key, day, place, service, end, ...rest] = credential.split('/');
  if (!sameText(key, accessKey)) throw new S3Error('InvalidAccessKeyId', 'The access key does not exist.');
  if (rest.length > 0 || service !== 's3' || end !== 'aws4_request')
    throw new S3Error(malformed, 'The credential must end in <date>/<region>/s3/aws4_request.');
  if (place !== region) throw new S3Error(malformed, `The region must be ${region}.`);
  if (day !== date.slice(0, 8))
    throw new S3Error(malformed, 'The date of the credential is not the date of the request.');
  return `${day}/${place}/${service}/${end}`;
}

// What is not signed can be added by whoever relays the request, so everything that S3 acts on has to be.
function checkSignedHeaders(list, headers) {
  const signed = list.split(';');
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name));
  if (!signed.includes('host')) throw new S3Error('AccessDenied', 'The host header must be signed.');
  if (unsigned.length > 0)
    throw new S3Error(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}.`,
    );
  return signed;
}

function check(request, { date, scope, signedHeaders, payloadHash, signature, query }, { secretKey }) {
  const canonical = [
    request.method,
    request.path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/'),
    query
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort(byBytes)
      .join('&'),
    ...signedHeaders.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const toSign = [algorithm, date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const expected = createHmac('sha256', signingKey(secretKey, date)).update(toSign).digest('hex');
  if (!sameText(expected, signature)) throw mismatch();
}

const mismatch = () =>
  new S3Error(
    'SignatureDoesNotMatch',
    'The signature does not match the one calculated from the request. Check the key and the signing method.',
  );

function signingKey(secretKey, date) {
  return [date.slice(0, 8), region, 's3', 'aws4_request'].reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secretKey}`,
  );
}

export function sameText(left, right) {
  const [a, b] = [left, right].map((text) => createHash('sha256').update(String(text)).digest());
  return timingSafeEqual(a, b);
}

/** @returns {number | undefined} the time of `20260102T030405Z` in milliseconds */
export function parseAmzDate(text) {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', 'The address cannot be decoded.');
  }
}

export const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const byBytes = (left, right) => (left < right ? -1 : Number(left > right));
