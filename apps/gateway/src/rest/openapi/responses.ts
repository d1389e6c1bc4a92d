import { type FragmentDefinitionNode, getNamedType, type GraphQLNamedType, isObjectType, Kind } from 'graphql';
import { errorCatalogue } from '@fowergram/contracts-core';
import type { RestOperation } from '../rest-operation.js';
import type { Examples } from './examples.js';
import type { AnswerSchemas, JsonSchema } from './json-schema.js';
import { HEADER_NAMES } from './openapi-parts.js';

/** What the operations of a document share. */
export interface Parts {
  answers: AnswerSchemas;
  examples: Examples;
  /** Examples of answers, by their names. */
  shown: Record<string, JsonSchema>;
}

/** Everything that a route may answer. */
export function responsesOf(operation: RestOperation, parts: Parts): JsonSchema {
  const { route, target } = operation;
  const status = route.isEmpty ? '204' : route.created ? '201' : '200';
  const shown = {
    description: route.isEmpty ? 'Done.' : route.summary,
    headers: responseHeaders(operation),
    ...(!route.isEmpty && { content: contentOf(operation, parts) }),
  };
  const isCached = route.method === 'GET' && target.kind === 'one';
  const statuses = Object.values(errorCatalogue).filter((code) => code !== errorCatalogue.GAP);
  const refused = [...statuses, 405, 406, 415, ...(route.method === 'GET' ? [] : [422])];
  const conditional = route.ifMatch ? [412, 428] : isCached ? [412] : [];
  return {
    [status]: shown,
    ...(isCached && { 304: { description: 'What the client has is what there is.' } }),
    ...Object.fromEntries(
      [...refused, ...conditional].sort().map((code) => [code, { $ref: `#/components/responses/${code}` }]),
    ),
  };
}

function contentOf(operation: RestOperation, parts: Parts): JsonSchema {
  const schema = answerSchema(operation, parts.answers);
  return { 'application/json': { schema, examples: { shown: exampleOf(operation, schema, parts) } } };
}

const SUFFIX = { one: '', page: 'Page', list: 'List', value: '' };

/** An example of an answer, which all routes with the same answer share. */
function exampleOf({ target: { kind, fields } }: RestOperation, schema: JsonSchema, parts: Parts): JsonSchema {
  const name = `${/#\/components\/schemas\/(\w+)/.exec(JSON.stringify(schema))?.[1] ?? fields.at(-1)!}${SUFFIX[kind]}`;
  parts.shown[name] ??= { summary: 'What is shown.', value: parts.examples.ofAnswer(schema) };
  return { $ref: `#/components/examples/${name}` };
}

function responseHeaders({ route, target }: RestOperation): JsonSchema {
  const names = ['CorrelationId', 'RateLimit'];
  if (target.kind === 'page') names.push('Link');
  if (target.kind === 'one' && !route.isEmpty && (route.method === 'GET' || route.ifMatch)) names.push('ETag');
  if (route.created) names.push('Location');
  return Object.fromEntries(names.map((name) => [HEADER_NAMES[name]!, { $ref: `#/components/headers/${name}` }]));
}

/** What the body of a good answer is. */
function answerSchema({ document, target }: RestOperation, answers: AnswerSchemas): JsonSchema {
  answers.learn(
    document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[],
  );
  const { kind, type, selection, fields } = target;
  if (kind === 'value') {
    const name = fields.at(-1)!;
    return { type: 'object', properties: { [name]: answers.typed(type, undefined) }, required: [name] };
  }
  const named: GraphQLNamedType = getNamedType(type);
  if (kind === 'one') return answers.of(selection!, named);
  const item = kind === 'page' ? nodeTypeOf(named) : named;
  const items = { type: 'array', items: answers.of(selection!, item) };
  if (kind === 'list') return { type: 'object', properties: { items }, required: ['items'] };
  const nextCursor = { type: ['string', 'null'], description: 'The `after` of the next page; null on the last one.' };
  return { type: 'object', properties: { items, nextCursor }, required: ['items', 'nextCursor'] };
}

function nodeTypeOf(connection: GraphQLNamedType): GraphQLNamedType {
  const typeIn = (type: GraphQLNamedType, name: string): GraphQLNamedType => {
    if (!isObjectType(type)) throw new Error(`${type.name} is no list.`);
    return getNamedType(type.getFields()[name]!.type);
  };
  return typeIn(typeIn(connection, 'edges'), 'node');
}
