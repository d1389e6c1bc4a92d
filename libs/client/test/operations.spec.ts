import { readFileSync } from 'node:fs';
import { buildSchema, type FieldNode, Kind, parse } from 'graphql';
import * as operations from '../src/operations.js';
import { freshText } from '../generate/main.js';
import { operationsText } from '../generate/operations.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
/** Asked for by a name of its own beside the operation, or part of what another brings. */
const ELSEWHERE = ['node'];

describe('The prepared operations', () => {
  it('are what schema.graphql and the documents make of them', () => {
    expect(readFileSync('libs/client/src/generated/operations.ts', 'utf8')).toBe(freshText());
  });

  it('leave no field of the API out', () => {
    const asked = Object.values(operations).flatMap((document) =>
      parse(document.toString()).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? definition.selectionSet.selections.map((field) => (field as FieldNode).name.value)
          : [],
      ),
    );
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((root) => Object.keys(root!.getFields()));
    expect(fields.filter((field) => !asked.includes(field) && !ELSEWHERE.includes(field))).toEqual([]);
  });

  it('each ask for one field, so that a failure is that of one', () => {
    const lengths = Object.values(operations).map((document) => {
      const [definition] = parse(document.toString()).definitions;
      return definition!.kind === Kind.OPERATION_DEFINITION ? definition!.selectionSet.selections.length : 0;
    });
    expect(new Set(lengths)).toEqual(new Set([1]));
  });

  it('are not written for a document that does not fit the schema', () => {
    expect(() => operationsText(schema, 'query Old { homeFeed { gone } }')).toThrow('Cannot query field "gone"');
  });
});
