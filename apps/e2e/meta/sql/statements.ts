import ts from 'typescript';
import { evaluate, type Scope } from './evaluate.js';
import { placeOf, type Service, type Sources } from './program.js';
import { origins } from './texts.js';

/** A text that one call gives to Postgres, and what the call claims of its rows. */
export interface Statement {
  place: string;
  services: Service[];
  text: string;
  /** The type of one row; `unknown` where the caller reads no column. */
  row: ts.Type;
  /** How many values the call passes, where it says so. */
  values: number | undefined;
  /** Whether a replica may be asked, which changes nothing. */
  isForReplicas: boolean;
}

export interface Found {
  statements: Statement[];
  failures: string[];
}

/** Every statement that these files give to a Database, a Tx, Replicas, or a connection of the pool. */
export function statementsIn(sources: Sources, isSearched: (path: string) => boolean): Found {
  const found: Found = { statements: [], failures: [] };
  for (const call of sources.callsOf('query')) {
    const row = isSearched(placeOf(call)) && rowOf(call, sources.checker);
    if (row) collect(call, row, sources, found);
  }
  return found;
}

function collect(call: ts.CallExpression, row: ts.Type, sources: Sources, found: Found): void {
  const [text, values] = call.arguments;
  const texts = origins(text!, sources);
  const isForReplicas = REPLICAS.test(declaringFileOf(call, sources.checker));
  if (texts.length === 0) found.failures.push(`${placeOf(call)} has a text that nobody gives`);
  for (const origin of texts)
    try {
      for (const { scope, file } of makersOf(origin, sources)) {
        const value = evaluate(origin, sources.checker, scope);
        if (typeof value !== 'string') throw new Error(`${origin.getText()} is no text`);
        const services = sources.servicesOf(file);
        const given = { text: value, row, values: countOf(values) };
        found.statements.push({ place: placeOf(call), services, ...given, isForReplicas });
      }
    } catch (error) {
      found.failures.push(`${placeOf(call)} has a text that is not constant: ${(error as Error).message}`);
    }
}

/**
 * What names mean in a text: where a function makes an object with it, what each caller gives. The database of the caller answers then.
 */
function makersOf(origin: ts.Expression, sources: Sources): { scope: Scope; file: ts.SourceFile }[] {
  const maker = ts.findAncestor(origin, isMaker);
  if (!maker) return [{ scope: new Map(), file: origin.getSourceFile() }];
  return sources
    .callsOf((maker.parent as ts.VariableDeclaration).name.getText())
    .filter((call) => sources.checker.getResolvedSignature(call)?.declaration === maker)
    .map((call) => ({
      scope: new Map(maker.parameters.map((each, index) => [each, evaluate(call.arguments[index]!, sources.checker)])),
      file: call.getSourceFile(),
    }));
}

/** `const name = (given) => ({ … })`. */
const isMaker = (node: ts.Node): node is ts.ArrowFunction =>
  ts.isArrowFunction(node) &&
  ts.isVariableDeclaration(node.parent) &&
  ts.isParenthesizedExpression(node.body) &&
  ts.isObjectLiteralExpression(node.body.expression);

/** The row type of a call, undefined when something else is called that is named query. */
function rowOf(call: ts.CallExpression, checker: ts.TypeChecker): ts.Type | undefined {
  const signature = checker.getResolvedSignature(call);
  const promised = signature && typeArgumentsOf(signature.getReturnType(), checker)[0];
  const isSql = TAKES_SQL.some((file) => file.test(declaringFileOf(call, checker)));
  return promised && isSql ? typeArgumentsOf(promised, checker)[0] : undefined;
}

const REPLICAS = /libs\/database\/src\/replicas\/replicas\.ts$/;
const TAKES_SQL = [REPLICAS, /libs\/database\/src\/database\.ts$/, /\/@types\/pg\//];

const declaringFileOf = (call: ts.CallExpression, checker: ts.TypeChecker): string =>
  checker.getResolvedSignature(call)?.declaration?.getSourceFile().fileName ?? '';

const typeArgumentsOf = (type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] =>
  type.flags & ts.TypeFlags.Object ? checker.getTypeArguments(type as ts.TypeReference) : [];

function countOf(values: ts.Expression | undefined): number | undefined {
  if (!values) return 0;
  const isWritten = ts.isArrayLiteralExpression(values) && !values.elements.some(ts.isSpreadElement);
  return isWritten ? values.elements.length : undefined;
}
