import { STATUS_CODES } from 'node:http';
import { type ErrorCode, errorCatalogue } from '@fowergram/contracts-core';
import { errorOfStatus } from '../../http/rest-errors.js';
import { problemOf } from '../problem.js';
import type { JsonSchema } from './json-schema.js';

/** Who asks: an access token in a header, or the cookie that the web client has. */
export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token from /auth (docs/auth.md); it lasts an hour.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sAccessToken',
    description: 'The same token as a cookie, for pages of our own.',
  },
  serviceKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'fgk_…',
    description: 'The key of a service account that has the scope of x-service-scope (docs/service-accounts.md).',
  },
};

/** What belongs together, by the beginning of its path; a new one is described here. */
const TAGS: Record<string, string> = {
  feed: 'What those whom you follow have posted.',
  posts: 'Posts from draft to deletion, and what one does with them.',
  'post-links': 'Posts by what stands in links to them.',
  explore: 'Posts of users whom you do not follow yet.',
  me: 'What is yours alone: account, drafts, saved posts, relationships, preferences.',
  comments: 'What is said under posts.',
  users: 'Users, and how they stand to each other.',
  usernames: 'Users by their names.',
  hashtags: 'What posts are about.',
  media: 'Uploads of pictures.',
  notifications: 'What others did that concerns you.',
  webhooks: 'Addresses of a service account that are notified of what happens (docs/webhooks.md).',
};

/** The tags with these names, described. */
export const describedTags = (names: ReadonlySet<string>): JsonSchema[] =>
  [...names].map((name) => {
    const description = TAGS[name];
    if (!description) throw new Error(`The tag ${name} has no description.`);
    return { name, description };
  });

export const headerParameters: Record<string, JsonSchema> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    example: '1c0f7f0e-like-again',
    description: 'A repeat with the same key within a day gets the first answer, and changes nothing.',
    schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]([ -~]*[!-~])?$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    example: '"1-0Hq2ZcX6mBq1xT3a7LwV9A"',
    required: true,
    description: 'The ETag that you have read, or several, or *: where somebody was faster, the answer is 412.',
    schema: { type: 'string', maxLength: 1_000 },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    example: '"1-0Hq2ZcX6mBq1xT3a7LwV9A"',
    description: 'The ETag that you have: where it is still right, the answer is 304 without a body.',
    schema: { type: 'string' },
  },
};

const text = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

export const headers: Record<string, JsonSchema> = {
  CorrelationId: text('By which the request is found in the logs.'),
  RateLimit: text('Where the limits stand (docs/limits.md).'),
  Link: text('The next page, rel="next" (RFC 8288); missing on the last one.'),
  ETag: text('What is shown, for If-None-Match and If-Match.'),
  Location: text('The address of what was made.'),
  RetryAfter: { description: 'How many seconds to wait.', schema: { type: 'integer', minimum: 0 } },
  Authenticate: text('How to show who asks.'),
  Allow: text('The methods of the address.'),
};

/** The names of the headers, in lower case as HTTP/2 sends them. */
export const HEADER_NAMES: Record<string, string> = {
  CorrelationId: 'x-correlation-id',
  RateLimit: 'ratelimit',
  Link: 'link',
  ETag: 'etag',
  Location: 'location',
  RetryAfter: 'retry-after',
  Authenticate: 'www-authenticate',
  Allow: 'allow',
};

/** What errors with a status say beside the body. */
const OF_STATUS: Record<number, string[]> = {
  401: ['Authenticate'],
  405: ['Allow'],
  429: ['RetryAfter', 'RateLimit'],
  503: ['RetryAfter'],
};

/** The problem details of RFC 9457. */
export const problemSchema = (): JsonSchema => ({
  type: 'object',
  description: 'What went wrong, as RFC 9457 has it. docs/errors.md lists codes and reasons.',
  properties: {
    type: { type: 'string', description: 'The address of a page on the code.' },
    title: { type: 'string', description: 'The status in words.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'In words for developers.' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    reason: { type: 'string', description: 'A finer cause for programs.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          detail: { type: 'string' },
          pointer: { type: 'string', description: 'A JSON pointer into the body.' },
          parameter: { type: 'string', description: 'The name of a parameter.' },
          header: { type: 'string', description: 'The name of a header.' },
        },
        required: ['detail'],
      },
    },
    retryAfterSeconds: { type: 'integer' },
    correlationId: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'correlationId'],
});

const FINER = [405, 406, 412, 415, 422, 428];

/** One answer for each status of an error, with an example. */
export function errorResponses(): Record<string, JsonSchema> {
  const statuses = [...new Set([...Object.values(errorCatalogue), ...FINER])].filter((status) => status !== 410);
  return Object.fromEntries(statuses.sort().map((status) => [status, errorResponse(status)]));
}

const CORRELATION_ID = '01935b2e-7f3a-7c1e-9d4b-2f6a8c0e1b38';

function errorResponse(status: number): JsonSchema {
  const code = (Object.keys(errorCatalogue) as ErrorCode[]).find((each) => errorCatalogue[each] === status);
  const example = problemOf({ code, message: errorOfStatus(status).message }, status, CORRELATION_ID);
  const named = ['CorrelationId', ...(OF_STATUS[status] ?? [])];
  return {
    description: `${STATUS_CODES[status]}.`,
    headers: Object.fromEntries(named.map((name) => [HEADER_NAMES[name]!, { $ref: `#/components/headers/${name}` }])),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
  };
}
