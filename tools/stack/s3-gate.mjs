import { createHmac, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import { checkReach, credentialOf, signerOf } from './s3-bucket-key.mjs';
import { escapeXml, errorXml, requestId, S3Error } from './s3-error.mjs';
import { readForm } from './s3-form.mjs';
import { checkPostPolicy } from './s3-policy.mjs';
import { decode, encode, unsignedPayload, verifySignature } from './s3-signature.mjs';
import { spoolFolder } from './s3-spool.mjs';

const largestPut = 5 * 1024 ** 3;
const identityPath = '/.fowergram/identity';
// What a signed request may pass to the store. Everything else is dropped, the proof of the signature with it.
const passedOn =
  /^(content-type|content-disposition|content-encoding|content-language|cache-control|expires|range|if-none-match|if-modified-since|x-amz-(meta-.+|copy-source.*|metadata-directive|storage-class))$/;
const notPassedBack = /^(access-control-.*|connection|keep-alive|transfer-encoding|date|vary)$/;

/**
 * The gate of the stand-in object store. The store after it believes everybody, so this checks what a real S3 would check and
 * hands on only what it has proved: signatures, POST policies, sizes and hashes. Nothing anonymous passes.
 * @param {{ credentials: { accessKey: string, secretKey: string }, bucketKeys?: readonly import('./s3-bucket-key.mjs').Keys[], store: { port: number, token: string }, spool: string }} options
 */
export function createGate({ credentials, bucketKeys = [], store, spool: folder }) {
  const spool = spoolFolder(folder);
  const server = createServer({ requestTimeout: 10 * 60_000 }, (request, response) => {
    response.on('error', () => undefined);
    // As MinIO does.
    response.setHeader('x-content-type-options', 'nosniff');
    handle({ request, response, keys: [credentials, ...bucketKeys], store, spool }).catch((error) =>
      refuse(request, response, error),
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

async function handle(context) {
  const { request, response, keys } = context;
  const [path, queryText = ''] = request.url.split(/\?(.*)/s);
  if (request.headers.origin) allowOrigin(request, response);
  if (path === identityPath) return identify(queryText, response, keys[0]);
  if (request.method === 'OPTIONS') return preflight(request, response);
  const query = parseQuery(queryText);
  const target = parseTarget(path);
  if (isUpload(request, target, query)) return upload({ ...context, bucket: target.bucket });
  const { method, headers } = request;
  const signer = signerOf(keys, credentialOf(headers, query));
  const { payloadHash } = verifySignature({ method, path, query, headers }, signer);
  checkReach(signer, { method, headers, target, query });
  if (request.method === 'PUT' && (request.headers['if-none-match'] || request.headers['if-match']))
    throw new S3Error('NotImplemented', 'Conditional writes are not supported.');
  const signed = { ...context, target, query };
  return hasBody(request) ? write(signed, payloadHash) : read(signed);
}

const isUpload = (request, target, query) =>
  request.method === 'POST' && target.key === '' && target.bucket !== '' && query.length === 0;

/** A browser upload: the policy is judged before the file is read, and the store hears of it when the file is whole. */
async function upload({ request, response, keys, store, spool, bucket }) {
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? ''))
    throw new S3Error('AccessDenied', 'Access Denied.');
  const { fields, policy, body, discard } = await readForm(request, async (fields, file) => {
    const signer = signerOf(keys, fields.get('x-amz-credential'));
    const policy = checkPostPolicy(fields, bucket, signer);
    checkKey(policy.key);
    checkReach(signer, { method: 'PUT', headers: {}, target: { bucket, key: policy.key }, query: [] });
    const body = await spool.take(file, policy);
    return { fields, policy, body, discard: body.discard };
  });
  try {
    const headers = Object.fromEntries(
      [...fields].filter(([name]) => passedOn.test(name) && !/^(range|if-|x-amz-copy)/.test(name)),
    );
    const path = pathOf(bucket, policy.key);
    const stored = await forward(
      store,
      { method: 'PUT', path, headers: { ...headers, 'content-length': body.size } },
      body.read(),
    );
    if (stored.statusCode !== 200) return passBack(stored, response);
    stored.resume();
    answerUpload({
      request,
      response,
      bucket,
      key: policy.key,
      etag: stored.headers.etag,
      status: policy.successStatus,
    });
  } finally {
    await discard();
  }
}

function answerUpload({ request, response, bucket, key, etag, status }) {
  const location = `http://${request.headers.host}${pathOf(bucket, key)}`;
  response.writeHead(status, {
    etag,
    location,
    'x-amz-request-id': requestId(),
    ...(status === 201 && { 'content-type': 'application/xml' }),
  });
  response.end(
    status === 201
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${escapeXml(location)}</Location><Bucket>${bucket}</Bucket><Key>${escapeXml(key)}</Key><ETag>${escapeXml(etag)}</ETag></PostResponse>`
      : undefined,
  );
}

async function write({ request, response, store, spool, target, query }, payloadHash) {
  const declared = request.headers['content-length'];
  if (declared === undefined)
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (Number(declared) > largestPut)
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  const body = await spool.take(request);
  try {
    if (body.size !== Number(declared))
      throw new S3Error(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length header.',
      );
    if (payloadHash !== unsignedPayload && body.sha256 !== payloadHash)
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        'The provided x-amz-content-sha256 header does not match what was computed.',
      );
    const md5 = request.headers['content-md5'];
    if (md5 && md5 !== body.md5)
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    const headers = { ...chosen(request.headers), 'content-length': body.size };
    await passBack(
      await forward(store, { method: request.method, path: pathWithQuery(target, query), headers }, body.read()),
      response,
    );
  } finally {
    await body.discard();
  }
}

async function read({ request, response, store, target, query }) {
  if (request.method === 'GET' && target.key === '' && query.some(([name]) => name === 'uploads'))
    return listNoUploads(response, target.bucket);
  const headers = chosen(request.headers);
  const path = pathWithQuery(target, query);
  const suffix = /^bytes=-(\d+)$/.exec(headers.range ?? '')?.[1];
  if (suffix) headers.range = await lastBytes(store, path, Number(suffix));
  await passBack(await forward(store, { method: request.method, path, headers }), response);
}

// The store reads "the last n bytes" as "the first n": it gets the range spelled out.
async function lastBytes(store, path, count) {
  const head = await forward(store, { method: 'HEAD', path, headers: {} });
  head.resume();
  const size = Number(head.headers['content-length'] ?? 0);
  return `bytes=${Math.max(0, size - count)}-${Math.max(0, size - 1)}`;
}

// A client that sends a stream asks first whether it could resume an earlier attempt. Attempts are never resumed here.
function listNoUploads(response, bucket) {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`,
  );
}

const chosen = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => passedOn.test(name)));
const hasBody = (request) => ['PUT', 'POST'].includes(request.method);

function forward(store, { method, path, headers }, body) {
  return new Promise((resolve, reject) => {
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port: store.port,
        method,
        path,
        // The store needs to see some signature before it honours response-* parameters; ours has been checked already.
        headers: {
          ...headers,
          host: '127.0.0.1',
          date: new Date().toUTCString(),
          authorization: 'AWS S3RVER:checked',
          'x-gate-token': store.token,
        },
      },
      resolve,
    );
    onward.once('error', reject);
    if (!body) return void onward.end();
    body.once('error', (error) => onward.destroy(error));
    body.pipe(onward);
  });
}

function passBack(stored, response) {
  const headers = Object.entries(stored.headers).filter(([name]) => !notPassedBack.test(name));
  response.writeHead(stored.statusCode, { ...Object.fromEntries(headers), 'x-amz-request-id': requestId() });
  return new Promise((resolve) => {
    stored.once('error', () => response.destroy());
    response.once('close', resolve);
    stored.pipe(response);
  });
}

/** Answers with the reason, after giving the sender a moment to finish: a connection cut in the middle would hide the answer. */
async function refuse(request, response, error) {
  const known =
    error instanceof S3Error
      ? error
      : new S3Error('InternalError', 'We encountered an internal error. Please try again.');
  if (known !== error && !request.destroyed) console.error(error);
  if (response.headersSent) return void response.destroy();
  await drain(request);
  const body = errorXml(known, request.url.split('?')[0]);
  response.writeHead(known.status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
    'x-amz-request-id': requestId(),
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const drainLimit = { bytes: 64 * 1024 * 1024, ms: 3_000 };

function drain(request) {
  if (request.readableEnded || request.destroyed) return undefined;
  return new Promise((resolve) => {
    let seen = 0;
    const timer = setTimeout(resolve, drainLimit.ms);
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk) => ((seen += chunk.length) > drainLimit.bytes ? finish() : undefined));
    request.once('end', finish).once('close', finish).once('error', finish);
    request.resume();
  });
}

function allowOrigin(request, response) {
  response.setHeader('access-control-allow-origin', request.headers.origin);
  response.setHeader('access-control-expose-headers', 'ETag, Location, x-amz-request-id');
  response.setHeader('vary', 'Origin');
}

function preflight(request, response) {
  const method = request.headers['access-control-request-method'];
  if (!request.headers.origin || !method)
    throw new S3Error('InvalidRequest', 'A preflight request needs Origin and Access-Control-Request-Method.');
  response.writeHead(200, {
    'access-control-allow-methods': 'GET, HEAD, PUT, POST',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3000',
  });
  response.end();
}

/** Proves to whoever started us that we hold the same secret, without saying it. */
function identify(query, response, { secretKey }) {
  response.end(identityProof(secretKey, query));
}

export const identityProof = (secretKey, nonce) =>
  createHmac('sha256', secretKey).update(`identity:${nonce}`).digest('hex');

export async function checkGateIdentity(url, secretKey) {
  const nonce = randomBytes(12).toString('hex');
  const answer = await fetch(`${url}${identityPath}?${nonce}`, { signal: AbortSignal.timeout(3_000) });
  if ((await answer.text()) !== identityProof(secretKey, nonce)) throw new Error('another program answers on its port');
}

/** Query as pairs, decoded once and by us: the store gets exactly what the signature was checked against. */
function parseQuery(text) {
  return text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name, value = ''] = pair.split(/=(.*)/s);
      return [decode(name), decode(value)];
    });
}

function pathWithQuery({ bucket, key }, query) {
  const rest = query
    .filter(([name]) => !name.toLowerCase().startsWith('x-amz-'))
    .map(([name, value]) => (value ? `${encode(name)}=${encode(value)}` : encode(name)));
  return pathOf(bucket, key) + (rest.length > 0 ? `?${rest.join('&')}` : '');
}

const pathOf = (bucket, key) => `/${[bucket, ...(key ? key.split('/') : [])].map(encode).join('/')}`;

function parseTarget(path) {
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const target = { bucket: decode(bucket), key: decode(key) };
  if (!path.startsWith('/')) throw new S3Error('InvalidURI', 'The address cannot be read.');
  if (target.bucket && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(target.bucket))
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
  if (target.key) checkKey(target.key);
  return target;
}

// The store makes paths of keys: what could leave its folder, or does not fit in a file name, stops here.
function checkKey(key) {
  const segments = key.split('/');
  if (
    segments.some((segment) => segment === '.' || segment === '..') ||
    /[\u0000-\u001f\u007f\\]/.test(key) ||
    key.startsWith('/') ||
    key.includes('//')
  ) {
    throw new S3Error('InvalidArgument', 'The key holds a segment or a sign that is not allowed.');
  }
  if (Buffer.byteLength(key) > 1024 || segments.some((segment) => Buffer.byteLength(segment) > 200))
    throw new S3Error('KeyTooLongError', 'Your key is too long.');
}
