import { S3Error } from './s3-error.mjs';
import { verifyPolicySignature } from './s3-signature.mjs';

const largestObject = 5 * 1024 ** 3;
// Fields that prove the policy, and the picture itself: the policy cannot speak of them.
const exempt = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Decides about a browser upload before its first byte is taken: signature, expiry, and every field against every condition.
 * @param {Map<string, string>} fields the form fields before the file, by lower-case name
 * @returns {{ key: string, minBytes: number, maxBytes: number, successStatus: number }}
 */
export function checkPostPolicy(fields, bucket, credentials, now = Date.now()) {
  const policyText = fields.get('policy');
  if (!policyText) throw new S3Error('AccessDenied', 'Access Denied: an upload needs a signed policy.');
  verifyPolicySignature(
    {
      policy: policyText,
      credential: required(fields, 'x-amz-credential'),
      date: required(fields, 'x-amz-date'),
      signature: required(fields, 'x-amz-signature'),
      algorithm: required(fields, 'x-amz-algorithm'),
    },
    credentials,
  );
  const { expiration, conditions } = parse(policyText);
  if (now >= expiration) throw refused('Policy expired.');
  const values = new Map([...fields, ['bucket', bucket]]);
  const range = { minBytes: 0, maxBytes: largestObject };
  const covered = new Set(['bucket']);
  for (const condition of conditions) apply(condition, { values, range, covered });
  // A form field may name the bucket too; the address says which one it really is.
  if (fields.has('bucket') && fields.get('bucket') !== bucket)
    throw refused('the bucket of the form is not the bucket of the address.');
  const extra = [...fields.keys()].filter(
    (name) => !exempt.has(name) && !name.startsWith('x-ignore-') && !covered.has(name),
  );
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`);
  const key = fields.get('key');
  if (!key) throw new S3Error('InvalidArgument', "The form needs a field named 'key', before the file.");
  return {
    key,
    ...range,
    successStatus: [200, 201].includes(Number(fields.get('success_action_status')))
      ? Number(fields.get('success_action_status'))
      : 204,
  };
}

function required(fields, name) {
  const value = fields.get(name);
  if (!value) throw new S3Error('InvalidArgument', `The form needs a field named '${name}'.`);
  return value;
}

const refused = (why) => new S3Error('AccessDenied', `Invalid according to Policy: ${why}`);
const malformed = (why) => new S3Error('InvalidPolicyDocument', `Invalid Policy: ${why}`);

function parse(text) {
  let document;
  try {
    document = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    throw malformed('it is not JSON in base64.');
  }
  const expiration = Date.parse(document?.expiration);
  if (Number.isNaN(expiration)) throw malformed('it needs an expiration.');
  if (!Array.isArray(document.conditions)) throw malformed('it needs a list of conditions.');
  return { expiration, conditions: document.conditions.flatMap(asTriples) };
}

/** `{ key: 'a' }` and `['eq', '$key', 'a']` say the same. */
function asTriples(condition) {
  if (Array.isArray(condition) && condition.length === 3) return [condition];
  if (condition && typeof condition === 'object' && !Array.isArray(condition))
    return Object.entries(condition).map(([name, value]) => ['eq', `$${name}`, value]);
  throw malformed(`${JSON.stringify(condition)} is not a condition.`);
}

function apply([operator, subject, value], { values, range, covered }) {
  const kind = String(operator).toLowerCase();
  if (kind === 'content-length-range') {
    const [min, max] = [Number(subject), Number(value)];
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0 || max < min)
      throw malformed('content-length-range needs two sizes.');
    range.minBytes = Math.max(range.minBytes, min);
    range.maxBytes = Math.min(range.maxBytes, max);
    return;
  }
  if (typeof subject !== 'string' || !subject.startsWith('$'))
    throw malformed(`${JSON.stringify(subject)} is not the name of a field.`);
  const name = subject.slice(1).toLowerCase();
  covered.add(name);
  const actual = values.get(name);
  const holds = {
    eq: () => actual === String(value),
    'starts-with': () => actual?.startsWith(String(value)) || (value === '' && actual !== undefined),
  }[kind];
  if (!holds) throw malformed(`${operator} is not an operator.`);
  if (!holds()) throw refused(`Policy Condition failed: ${JSON.stringify([operator, subject, value])}`);
}
