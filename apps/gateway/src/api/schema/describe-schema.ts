import type { GraphQLSchema } from 'graphql';

const SCHEMA =
  'The API of Fowergram: profiles, follows, photos, posts, likes, comments, the home feed and notifications. What fails is an error whose extensions.code docs/errors.md lists; times are UTC.';

const ROOTS = {
  Query:
    'What can be read. A part that fails is null and has an error, and all others come; what does not exist, or is not for you to see, is null without one.',
  Mutation:
    'What can be changed. Each takes an Idempotency-Key of up to 200 characters, a header or, over a socket, the extension idempotencyKey of the operation: a repeat with the same key gets the first answer. What does not exist, or is not for you to see, is NOT_FOUND.',
  Subscription:
    'What can be followed as it happens, over a WebSocket to the address of queries, by the protocol graphql-transport-ws.',
};

/** Describes the schema itself and its root types, for which Nest has no decorator. */
export function describeSchema(schema: GraphQLSchema): GraphQLSchema {
  schema.description = SCHEMA;
  for (const [name, description] of Object.entries(ROOTS)) schema.getType(name)!.description = description;
  return schema;
}
