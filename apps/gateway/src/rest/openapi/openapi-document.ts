import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  Kind,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, errorCatalogue, MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import { isRequired, type RestInput, type RestOperation } from '../rest-operation.js';
import { AnswerSchemas, inputSchema, type JsonSchema, objectOf } from './json-schema.js';
import {
  describedTags,
  errorResponses,
  headers,
  headerParameters,
  problemSchema,
  securitySchemes,
} from './openapi-parts.js';

export const REST_PREFIX = '/api/v1';

/** The OpenAPI document of these operations. */
export function openapiDocument(operations: readonly RestOperation[], schema: GraphQLSchema): JsonSchema {
  const answers = new AnswerSchemas(schema);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const { method, path } = operation.route;
    (paths[path] ??= {})[method.toLowerCase()] = pathItem(operation, answers);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Fowergram',
      version: '1.0.0',
      description:
        'The REST interface of Fowergram: each route is an operation of the GraphQL schema, with the same rights, limits, cursors and errors. Times are UTC. docs/rest.md leads through it.',
      contact: { name: 'Whoever runs this instance' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: REST_PREFIX, description: 'The gateway that served this document.' }],
    tags: describedTags(new Set(operations.map(({ route }) => tagOf(route.path)))),
    paths,
    components: {
      schemas: { ...answers.shapes, Problem: problemSchema() },
      parameters: headerParameters,
      headers,
      responses: errorResponses(),
      securitySchemes,
    },
  };
}

const tagOf = (path: string): string => path.split('/')[1]!;

function pathItem(operation: RestOperation, answers: AnswerSchemas): JsonSchema {
  const { route, rootField, inputs } = operation;
  const body = bodySchema(operation);
  return {
    operationId: route.id,
    summary: route.summary,
    ...(rootField.description && { description: rootField.description }),
    tags: [tagOf(route.path)],
    security: [...(route.isPublic ? [{}] : []), { bearer: [] }, { cookie: [] }],
    parameters: [
      ...inputs.filter(({ place }) => place !== 'body').map(parameterOf),
      ...headersOf(operation).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(body && { requestBody: { required: isBodyRequired(body), content: { 'application/json': { schema: body } } } }),
    responses: responsesOf(operation, answers),
  };
}

const isBodyRequired = (body: JsonSchema): boolean => 'required' in body;

function headersOf({ route, target }: RestOperation): string[] {
  if (route.method === 'GET') return target.kind === 'one' ? ['IfNoneMatch'] : [];
  return ['IdempotencyKey', ...(route.versionField ? ['IfMatch'] : [])];
}

function parameterOf(input: RestInput): JsonSchema {
  return {
    name: input.name,
    in: input.place,
    required: isRequired(input),
    ...(input.description && { description: input.description }),
    schema: parameterSchema(input),
  };
}

/** A parameter that is left out is no null. */
function parameterSchema({ name, type, isOfPage }: RestInput): JsonSchema {
  if (name === 'limit' && isOfPage)
    return { type: 'integer', minimum: 0, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE };
  if (name === 'after') return { type: 'string', maxLength: 200 };
  const schema = inputSchema(type);
  const values = schema['enum'] as unknown[] | undefined;
  const [bare] = [schema['type']].flat();
  return { ...schema, type: bare, ...(values && { enum: values.filter((value) => value !== null) }) };
}

/** What a request has beside its body: the names in its path and behind the question mark. */
export const parametersSchema = ({ inputs }: RestOperation): JsonSchema =>
  objectOf(
    inputs
      .filter(({ place }) => place !== 'body')
      .map((input) => ({ name: input.name, isRequired: isRequired(input), schema: parameterSchema(input) })),
  );

/** The body that a route takes; undefined for one that takes none. */
export function bodySchema({ route, inputs }: RestOperation): JsonSchema | undefined {
  const inBody = inputs.filter(({ place }) => place === 'body');
  const whole = inBody.find(({ name }) => name === 'input');
  if (whole) return inputSchema(whole.type, route.versionField ? [route.versionField] : []);
  if (inBody.length === 0) return undefined;
  return objectOf(
    inBody.map((input) => ({
      name: input.name,
      isRequired: isRequired(input),
      schema: { ...inputSchema(input.type), ...(input.description && { description: input.description }) },
    })),
  );
}

function responsesOf(operation: RestOperation, answers: AnswerSchemas): JsonSchema {
  const { route, target } = operation;
  const status = route.isEmpty ? '204' : route.created ? '201' : '200';
  const content = { 'application/json': { schema: answerSchema(operation, answers) } };
  const shown = {
    description: route.isEmpty ? 'Done.' : route.summary,
    headers: responseHeaders(operation),
    ...(!route.isEmpty && { content }),
  };
  const isCached = route.method === 'GET' && target.kind === 'one';
  const statuses = Object.values(errorCatalogue).filter((code) => code !== errorCatalogue.GAP);
  const refused = [...statuses, 405, 406, 415, ...(route.method === 'GET' ? [] : [422])];
  const conditional = route.versionField ? [412, 428] : [];
  return {
    [status]: shown,
    ...(isCached && { 304: { description: 'What the client has is what there is.' } }),
    ...Object.fromEntries(
      [...refused, ...conditional].sort().map((code) => [code, { $ref: `#/components/responses/${code}` }]),
    ),
  };
}

function responseHeaders({ route, target }: RestOperation): JsonSchema {
  const names = ['CorrelationId', 'RateLimit'];
  if (target.kind === 'page') names.push('Link');
  if (target.kind === 'one' && !route.isEmpty && (route.method === 'GET' || route.versionField)) names.push('ETag');
  if (route.created) names.push('Location');
  return Object.fromEntries(names.map((name) => [HEADER_NAMES[name], { $ref: `#/components/headers/${name}` }]));
}

const HEADER_NAMES: Record<string, string> = {
  CorrelationId: 'x-correlation-id',
  RateLimit: 'ratelimit',
  Link: 'link',
  ETag: 'etag',
  Location: 'location',
};

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
