import type { GraphQLSchema } from 'graphql';
import type { RestInput, RestOperation } from '../rest-operation.js';
import type { RestRoute } from '../rest-route.types.js';
import { Examples } from './examples.js';
import { AnswerSchemas, type JsonSchema } from './json-schema.js';
import {
  describedTags,
  errorResponses,
  headers,
  headerParameters,
  problemSchema,
  securitySchemes,
} from './openapi-parts.js';
import { bodySchema, parameterOf } from './requests.js';
import { type Parts, responsesOf } from './responses.js';

export const REST_PREFIX = '/api/v1';

/** The OpenAPI document of these operations. */
export function openapiDocument(operations: readonly RestOperation[], schema: GraphQLSchema): JsonSchema {
  const answers = new AnswerSchemas(schema);
  const parts: Parts = { answers, examples: new Examples(answers.shapes, answers.kinds), shown: {} };
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const { method, path } = operation.route;
    (paths[path] ??= {})[method.toLowerCase()] = pathItem(operation, parts);
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
      examples: parts.shown,
      responses: errorResponses(),
      securitySchemes,
    },
  };
}

const tagOf = (path: string): string => path.split('/')[1]!;

function pathItem(operation: RestOperation, parts: Parts): JsonSchema {
  const { route, rootField, inputs } = operation;
  const body = bodySchema(operation);
  return {
    operationId: route.id,
    summary: route.summary,
    ...(rootField.description && { description: rootField.description }),
    tags: [tagOf(route.path)],
    security: [...(route.isPublic ? [{}] : []), { bearer: [] }, { cookie: [] }, ...servicesOf(route)],
    ...(route.scope && { 'x-service-scope': route.scope }),
    parameters: [
      ...inputs.filter(({ place }) => place !== 'body').map((input) => shownParameter(operation, input, parts)),
      ...headersOf(operation).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(body && {
      requestBody: {
        required: isBodyRequired(body),
        content: { 'application/json': { schema: body, example: parts.examples.ofBody(body) } },
      },
    }),
    responses: responsesOf(operation, parts),
  };
}

const servicesOf = ({ scope }: RestRoute): JsonSchema[] => (scope ? [{ serviceKey: [] }] : []);

function shownParameter(operation: RestOperation, input: RestInput, { examples }: Parts): JsonSchema {
  const parameter = parameterOf(operation, input);
  return { ...parameter, example: examples.ofParameter(input.name, parameter['schema'] as JsonSchema) };
}

const isBodyRequired = (body: JsonSchema): boolean => 'required' in body;

function headersOf({ route, target }: RestOperation): string[] {
  if (route.method === 'GET') return target.kind === 'one' ? ['IfNoneMatch'] : [];
  return ['IdempotencyKey', ...(route.ifMatch ? ['IfMatch'] : [])];
}
