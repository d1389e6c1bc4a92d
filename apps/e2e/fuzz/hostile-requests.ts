import type { Chances, RawRequest } from './fuzz-case.js';
import { HOSTILE_TEXTS, HOSTILE_VALUES } from './values.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const GOOD = JSON.stringify({ query: '{ __typename }' });
const asJson = (body: unknown): RawRequest => ({ headers: JSON_TYPE, body: JSON.stringify(body) });
/** What a header of HTTP can carry at all: the client refuses to send anything else. */
const inHeader = (text: string) => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '').slice(0, 4_000);

/** Requests that are no operation: each makes the edge of the server answer, not the engine. */
const REQUESTS: Record<string, (chances: Chances) => RawRequest> = {
  'several operations in one request': ({ dice }) =>
    asJson(dice.list(dice.int(0, 500), () => ({ query: '{ __typename }' }))),
  'a body of another shape': ({ dice }) => asJson(dice.pick(HOSTILE_VALUES)),
  'a query of another type': ({ dice }) => asJson({ query: dice.pick(HOSTILE_VALUES) }),
  'variables of another type': ({ dice }) =>
    asJson({
      query: 'query ($first: Int) { homeFeed(first: $first) { edges { cursor } } }',
      variables: dice.pick(HOSTILE_VALUES),
    }),
  'unknown fields beside the query': ({ dice }) =>
    asJson({ query: '{ __typename }', extensions: dice.pick(HOSTILE_VALUES), id: 1, then: 1 }),
  'a syntax tree': () => asJson({ query: { kind: 'Document', definitions: [] } }),
  'broken JSON': ({ dice }) => ({
    headers: JSON_TYPE,
    body: dice.pick([
      '',
      '{',
      '{"query":',
      '{"query":"{ __typename }"',
      "{'query':1}",
      '{"query":"\ud800"}',
      '\0',
      '['.repeat(10_000),
      '{"a":'.repeat(5_000),
      `${GOOD}x`,
      `\ufeff${GOOD}`,
      '{"__proto__":1,"query":"{ __typename }"}',
      '{"query":"{ __typename }","query":1}',
    ]),
  }),
  'another content type': ({ dice }) => ({
    headers: {
      'content-type': dice.pick([
        'text/plain',
        'application/graphql',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        'application/json; charset=utf-16',
        'application/json;;;',
        'a/b/c',
        '',
        'x'.repeat(2_000),
      ]),
    },
    body: GOOD,
  }),
  'odd headers': ({ dice }) => ({
    headers: {
      ...JSON_TYPE,
      [dice.pick([
        'idempotency-key',
        'x-correlation-id',
        'traceparent',
        'accept',
        'authorization',
        'cookie',
        'origin',
        'x-forwarded-for',
        'st-auth-mode',
        'accept-encoding',
        'rid',
        'user-agent',
        'forwarded',
        'x-http-method-override',
      ])]: inHeader(
        dice.pick([
          ...HOSTILE_TEXTS,
          'Bearer ',
          'Bearer a.b.c',
          `Bearer ${'a'.repeat(3_000)}`,
          'sAccessToken=x; sAccessToken=y',
          '00-0-0-0',
          '*/*;q=nan',
          '::1, 999.9.9.9',
          'null',
        ]),
      ),
    },
    body: GOOD,
  }),
  'another method or path': ({ dice }) => ({
    method: dice.pick(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']),
    path: dice.pick([
      '/graphql',
      '/graphql?query={__typename}',
      '/graphql/',
      '//graphql',
      '/graphql/%00',
      '/graphql?%',
      '/%ff',
      '/auth/session/refresh',
      '/constructor',
    ]),
    headers: JSON_TYPE,
  }),
  'a large body': ({ dice }) => ({
    headers: JSON_TYPE,
    body: JSON.stringify({ query: '{ __typename }', x: 'x'.repeat(dice.int(100_000, 400_000)) }),
  }),
};

/** A request of chance, named by its kind. */
export function hostileRequest(chances: Chances): { kind: string; raw: RawRequest } {
  const kind = chances.dice.pick(Object.keys(REQUESTS));
  return { kind, raw: REQUESTS[kind]!(chances) };
}
