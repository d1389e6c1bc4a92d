import { randomBytes } from 'node:crypto';

const statusOf = {
  AccessDenied: 403,
  SignatureDoesNotMatch: 403,
  InvalidAccessKeyId: 403,
  RequestTimeTooSkewed: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPolicyDocument: 400,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPOSTRequest: 400,
  XAmzContentSHA256Mismatch: 400,
  MissingContentLength: 411,
  MethodNotAllowed: 405,
  NotImplemented: 501,
  InternalError: 500,
};

/** An error in the words of S3: clients look at the code. */
export class S3Error extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
    this.status = statusOf[code] ?? 400;
  }
}

export function errorXml(error, resource) {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>` +
    `<Resource>${escapeXml(resource)}</Resource><RequestId>${requestId()}</RequestId></Error>`
  );
}

export const requestId = () => randomBytes(8).toString('hex').toUpperCase();

export function escapeXml(text) {
  return text
    .replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
}
