import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import ts from 'typescript';

const FOLDER = 'apps/e2e/src';

/** A GraphQL document with the place where it stands. */
interface Placed {
  place: string;
  text: string;
}

/** The string literals of a file that are GraphQL documents; the places where a template is filled are names or fields. */
function documentsIn(file: string, source: string): Placed[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Placed[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^\s*((query|mutation|subscription)\b[^{]*)?\{\s*\w/.test(node.text))
      found.push({
        place: `${file}:${parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
        text: node.text,
      });
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

describe('The GraphQL documents with which the journeys fill an account', () => {
  const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
  const failuresOf = ({ place, text }: Placed) =>
    validate(schema, parse(text)).map(({ message }) => `${place} ${message}`);
  const files = (readdirSync(FOLDER, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  const documents = files.flatMap((file) => documentsIn(join(FOLDER, file), readFileSync(join(FOLDER, file), 'utf8')));

  it('ask for nothing that schema.graphql does not have', () => {
    expect(documents.length).toBeGreaterThan(15);
    expect(documents.flatMap(failuresOf)).toEqual([]);
  });

  it('are named at their line where they call a mutation by a name that it does not have any more', () => {
    const source = "\nclient.request('mutation ($id: ID!) { applaud(postId: $id) { id } }', { id });";
    expect(documentsIn('a.ts', source).flatMap(failuresOf)).toEqual([
      'a.ts:2 Cannot query field "applaud" on type "Mutation".',
    ]);
  });
});
