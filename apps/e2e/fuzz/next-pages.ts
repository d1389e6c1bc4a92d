import {
  type ArgumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { Dice } from '../src/random.js';
import type { Answer } from './answer.js';
import { type AnsweredList, answeredLists, cursorsIn, valueAt } from './answered-lists.js';
import type { FuzzCase, Operation } from './fuzz-case.js';
import { literalOf } from './values.js';

const PAGE_ARGUMENTS = new Set(['first', 'after', 'last', 'before']);

interface Body {
  data?: unknown;
  errors?: { path?: (string | number)[]; extensions?: { reason?: string } }[];
  payload?: Body;
}

/** A cursor of an answer, and the way to read from there. */
interface Step {
  definition: OperationDefinitionNode;
  list: AnsweredList;
  isForward: boolean;
  cursor: string;
  /** Cursors that no page from there on may show. */
  passed: string[];
}

/** What is done with a cursor, and what its answer may not show. */
type Use = (schema: GraphQLSchema, fuzzCase: FuzzCase, step: Step, dice: Dice) => FuzzCase;

const USES: Record<string, Use> = {
  'the next page': (_schema, fuzzCase, step, dice) => ({
    ...fuzzCase,
    operation: nextPageOf(fuzzCase.operation, step, dice),
    problems: ({ texts }) => problemsOfPage(bodyOf(texts), step),
  }),
  'a cursor of somebody else': (_schema, fuzzCase, step, dice) => ({
    ...fuzzCase,
    isSignedIn: !fuzzCase.isSignedIn,
    operation: nextPageOf(fuzzCase.operation, step, dice),
    problems: isRefused(step.list.path),
  }),
  'a cursor with another character': (_schema, fuzzCase, step, dice) => ({
    ...fuzzCase,
    operation: nextPageOf(fuzzCase.operation, { ...step, cursor: withAnotherCharacter(step.cursor, dice) }, dice),
    problems: isRefused(step.list.path),
  }),
  'a cursor of another list': (schema, fuzzCase, { list, cursor }, dice) => {
    const others = listsOfRoot(schema).filter((name) => list.name !== `Query.${name}`);
    const name = dice.pick(others);
    const query = `query { ${name}(first: 2, after: ${JSON.stringify(cursor)}) { edges { cursor } } }`;
    return { ...fuzzCase, operation: { query }, problems: isRefused([name]) };
  },
};

/** Cases that go on from a cursor of an answer: its next page, and whatever the cursor is not good for. */
export function followUps(schema: GraphQLSchema, fuzzCase: FuzzCase, { texts }: Answer, dice: Dice): FuzzCase[] {
  const { data } = bodyOf(texts);
  const definition = data ? queryIn(fuzzCase.operation) : undefined;
  if (!definition) return [];
  const lists = answeredLists(schema, definition, data);
  if (lists.length === 0) return [];
  return Object.entries(USES).map(([kind, use]) => {
    const step = stepIn(definition, dice.pick(lists), dice);
    return { ...use(schema, fuzzCase, step, dice), kind };
  });
}

function stepIn(definition: OperationDefinitionNode, list: AnsweredList, dice: Dice): Step {
  const isForward = !list.isTwoWay || dice.chance(0.5);
  const index = dice.int(0, list.cursors.length - 1);
  const passed = isForward ? list.cursors.slice(0, index + 1) : list.cursors.slice(index);
  return { definition, list, isForward, cursor: list.cursors[index]!, passed };
}

function queryIn({ query }: Operation): OperationDefinitionNode | undefined {
  if (typeof query !== 'string') return undefined;
  const [definition, ...others] = parse(query, { noLocation: true }).definitions;
  const isQuery = definition?.kind === Kind.OPERATION_DEFINITION && definition.operation === 'query';
  return isQuery && others.length === 0 ? definition : undefined;
}

/** The same operation with another page of one of its lists. */
function nextPageOf({ variables }: Operation, step: Step, dice: Dice): Operation {
  const { isForward, cursor } = step;
  const given = { [isForward ? 'first' : 'last']: dice.pick([1, 2, 5, 20]), [isForward ? 'after' : 'before']: cursor };
  const definition = visit(step.definition, {
    Field: (field) => (field === step.list.node ? withPage(field, given) : undefined),
  });
  return { query: print(withoutUnused(definition)), ...(variables === undefined ? {} : { variables }) };
}

const withPage = (field: FieldNode, page: Record<string, unknown>): FieldNode => ({
  ...field,
  arguments: [
    ...(field.arguments ?? []).filter(({ name }) => !PAGE_ARGUMENTS.has(name.value)),
    ...Object.entries(page).map(([name, value]): ArgumentNode => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: name },
      value: literalOf(value),
    })),
  ],
});

/** An operation may not define a variable that it does not use. */
function withoutUnused(definition: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(definition, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return visit(definition, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
}

function problemsOfPage({ data, errors = [] }: Body, { list, passed }: Step): string[] {
  const isUnique = list.path.every((step) => typeof step === 'string');
  // Where the same field stands in many objects, the cursor is that of one of them.
  if (isUnique && errors.some(({ extensions }) => extensions?.reason === 'BAD_CURSOR'))
    return ['its own cursor is refused'];
  const shown = cursorsIn(valueAt(data, list.path));
  const all = [...passed, ...shown];
  return new Set(all).size < all.length ? ['an item comes twice'] : [];
}

const isRefused =
  (path: AnsweredList['path']) =>
  ({ texts }: Answer): string[] =>
    valueAt(bodyOf(texts).data, path) ? ['a cursor is taken that is not good here'] : [];

/** The body of HTTP, or the first frame of a socket. */
function bodyOf([text = '{}']: string[]): Body {
  const { payload, ...body } = JSON.parse(text) as Body;
  return Array.isArray(payload) ? {} : (payload ?? body);
}

function withAnotherCharacter(cursor: string, dice: Dice): string {
  // The last character may carry bits that no byte has.
  const index = dice.int(0, cursor.length - 2);
  return cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
}

function listsOfRoot(schema: GraphQLSchema): string[] {
  return Object.values(schema.getQueryType()!.getFields()).flatMap(({ name, type, args }) => {
    const answered = getNamedType(type);
    const isList = isObjectType(answered) && 'pageInfo' in answered.getFields();
    const isFree = args.every((argument) => !isNonNullType(argument.type));
    // The notifications have other ways to the same list.
    return isList && isFree && name !== 'notifications' ? [name] : [];
  });
}
