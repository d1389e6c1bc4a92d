import type { GraphQLSchema } from 'graphql';
import { openapiDocument } from './openapi/openapi-document.js';
import { RestInputReader } from './rest-input.js';
import { AnswerWriter } from './writing/answer-writer.js';
import type { Compiled } from './writing/selection-writer.js';
import { type RestOperation, restOperation } from './rest-operation.js';
import type { RestRoute } from './rest-route.types.js';
import { routes } from './routes/routes.js';

/** A route with what a request to it needs. */
export interface ServedRoute {
  operation: RestOperation;
  input: RestInputReader;
  /** Of a route that reads. */
  writer: AnswerWriter | undefined;
}

export interface RestCatalogue {
  routes: Map<RestRoute, ServedRoute>;
  /** The text of the OpenAPI document. */
  document: string;
}

/** The text of the OpenAPI document of a schema, as it is committed. */
export const openapiText = (schema: GraphQLSchema): string =>
  `${JSON.stringify(
    openapiDocument(
      routes.map((route) => restOperation(route, schema)),
      schema,
    ),
    null,
    2,
  )}\n`;

/** Every route, read against the schema. */
export function restCatalogue(schema: GraphQLSchema): RestCatalogue {
  const compiled: Compiled = new Map();
  const writerOf = (operation: RestOperation) =>
    operation.route.method === 'GET' ? new AnswerWriter(operation, schema, compiled) : undefined;
  const served = routes.map((route): [RestRoute, ServedRoute] => {
    const operation = restOperation(route, schema);
    return [route, { operation, input: new RestInputReader(operation), writer: writerOf(operation) }];
  });
  return { routes: new Map(served), document: openapiText(schema) };
}
