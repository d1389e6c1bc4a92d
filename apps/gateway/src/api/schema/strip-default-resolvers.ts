import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Strips the default resolvers that Nest's builder adds to every plain field and that do what the engine does anyway: the engine
 * reads a property faster than it calls a function, and a feed page has hundreds of them.
 */
export function stripDefaultResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve?.name === 'rootFieldResolver') delete field.resolve;
    }
  }
  return schema;
}
