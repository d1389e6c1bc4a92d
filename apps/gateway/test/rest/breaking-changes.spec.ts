import { readFileSync } from 'node:fs';
import { breakingChanges, type OpenapiDocument, type Operation, type Schema } from '../support/breaking-changes.js';

const read = (name: string) => JSON.parse(readFileSync(`apps/gateway/${name}`, 'utf8')) as OpenapiDocument;

/** A document with one route. */
const withRoute = (given: Partial<Operation>): OpenapiDocument => ({
  paths: { '/posts': { post: { responses: { 200: {} }, ...given } } },
});
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const takes = (schema: Schema): OpenapiDocument =>
  withRoute({ requestBody: { content: { 'application/json': { schema } } } });
const shows = (schema: Schema): OpenapiDocument =>
  withRoute({ responses: { 200: { content: { 'application/json': { schema } } } } });
const asks = (required: boolean): OpenapiDocument =>
  withRoute({ parameters: [{ name: 'q', in: 'query', required, schema: { type: 'string' } }] });

const text: Schema = { type: 'string' };

describe('A breaking change of the OpenAPI document', () => {
  it('against the released one is named in the changelog of what is not released (else: name it there, word by word)', () => {
    const [, unreleased = ''] =
      /^## \S+ – unreleased$(.*?)(?=^## |(?![^]))/ms.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
    const changelog = unreleased.replace(/\s+/g, ' ');
    const changes = breakingChanges(read('openapi.released.json'), read('openapi.json'));
    expect(changes.filter((change) => !changelog.includes(change))).toEqual([]);
  });

  it.each([
    ['a route that is gone', withRoute({}), { paths: {} }, 'it is gone'],
    ['a sign-in', withRoute({ security: [{}] }), withRoute({ security: [{ bearer: [] }] }), 'it wants a sign-in'],
    ['a parameter that is gone', asks(false), withRoute({}), 'the parameter q is gone'],
    ['a parameter that is asked for', asks(false), asks(true), 'the parameter q is asked for'],
    [
      'a field that is asked for',
      takes(object({ a: text })),
      takes(object({ a: text }, ['a'])),
      'the body.a is asked for',
    ],
    ['a field that is not taken', takes(object({ a: text })), takes(object({})), 'the body.a is gone'],
    [
      'another type',
      takes(object({ a: text })),
      takes(object({ a: { type: 'integer' } })),
      'the body.a takes no string',
    ],
    [
      'a value that is not taken',
      takes(object({ a: { type: 'string', enum: ['X', 'Y'] } })),
      takes(object({ a: { type: 'string', enum: ['X'] } })),
      'the body.a takes no Y',
    ],
    [
      'a tighter bound',
      takes(object({ a: { type: 'string', maxLength: 10 } })),
      takes(object({ a: { type: 'string', maxLength: 9 } })),
      'the body.a has a tighter maxLength',
    ],
    ['an answer that is gone', shows(text), withRoute({ responses: { 204: {} } }), 'the answer 200 is gone'],
    ['a field that is not shown', shows(object({ a: text })), shows(object({})), 'the answer.a is gone'],
    [
      'a field that may be missing',
      shows(object({ a: text }, ['a'])),
      shows(object({ a: text })),
      'the answer.a may be missing',
    ],
    [
      'a field that may be null',
      shows(object({ a: text })),
      shows(object({ a: { type: ['string', 'null'] } })),
      'the answer.a may be null',
    ],
  ] as [string, OpenapiDocument, OpenapiDocument, string][])('is %s', (_what, before, after, change) => {
    expect(breakingChanges(before, after)).toEqual([`POST /posts: ${change}`]);
  });

  it.each([
    ['a new route', { paths: {} }, withRoute({})],
    ['a new optional field', takes(object({})), takes(object({ a: text }))],
    ['a wider bound', takes({ type: 'string', maxLength: 9 }), takes({ type: 'string', maxLength: 10 })],
    ['a new field of an answer', shows(object({})), shows(object({ a: text }, ['a']))],
    ['an answer that is null no more', shows({ type: ['string', 'null'] }), shows(text)],
  ] as [string, OpenapiDocument, OpenapiDocument][])('is not %s', (_what, before, after) => {
    expect(breakingChanges(before, after)).toEqual([]);
  });
});
