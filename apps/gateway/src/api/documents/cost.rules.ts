import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@fowergram/contracts-core';

/** A page of 100 posts with all their pictures, sizes and authors is 3,500; more takes the server a tenth of a second. */
const MAX_COST = 5_000;
/** Each list is a look-up of its own, of which one takes a third of a millisecond: a list under each of a hundred posts fits. */
const MAX_LISTS = 150;
/** Fields that show a value, on all objects together: a page of 100 posts with everything has 20,000. */
const MAX_VALUES = 25_000;
/** Values that are worked out from a text take as long as so many that are there already. */
const DEAR_VALUES: Readonly<Record<string, number>> = {
  'Comment.hashtags': 100,
  'User.hashtags': 25,
  'Post.captionEntities': 100,
  'Post.mentions': 100,
  'Post.taggedPeople': 100,
  'Comment.textEntities': 100,
  'User.bioEntities': 25,
};
/** The length that a list without page arguments is taken to have. */
const LIST_LENGTH = 5;

type Variables = Readonly<Record<string, unknown>>;

/** What is asked for in all, pages multiplied. */
interface Amount {
  objects: number;
  lists: number;
  values: number;
}

interface Selected extends Amount {
  /** What the values of the selection set itself count: a name counts once, however many fragments ask for it. */
  names: Map<string, number>;
}

/** What an operation costs without its variables, and which of them change that. */
export interface OperationCost extends Omit<Amount, 'objects'> {
  /** The objects that it may ask for. */
  cost: number;
  pageSizeVariables: string[];
}

/** Adds up the objects that an operation may ask for, nested pages multiplied; variables are those of the request, coerced. */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables = {},
): OperationCost {
  const survey = new CostSurvey(schema, document, operation.variableDefinitions ?? [], variables);
  const selected = survey.selection(operation.selectionSet, schema.getRootType(operation.operation));
  const { objects, lists, values } = times(1, selected);
  return { cost: objects, lists, values, pageSizeVariables: [...survey.variablesRead] };
}

/** Throws for an operation that asks for more objects, lists or values than the server brings in a tenth of a second. */
export function requireAffordable({ cost, lists, values }: OperationCost): void {
  if (cost > MAX_COST) throw tooMuch(`${MAX_COST} objects`);
  if (lists > MAX_LISTS) throw tooMuch(`${MAX_LISTS} lists`);
  if (values > MAX_VALUES) throw tooMuch(`${MAX_VALUES} values`);
}

const tooMuch = (what: string): GraphQLError =>
  new GraphQLError(
    `This asks for too much at once (more than about ${what}): ask for shorter pages or fewer nested lists.`,
  );

const nothing = (): Selected => ({ objects: 0, lists: 0, values: 0, names: new Map() });

/** The amount of a selection whose object is there so often. */
const times = (length: number, { objects, lists, values, names }: Selected): Amount => ({
  objects: length * objects,
  lists: length * lists,
  values: length * [...names.values()].reduce((sum, count) => sum + count, values),
});

/** Adds up one point for each object, in lists as often as the list may be long. */
class CostSurvey {
  readonly variablesRead = new Set<string>();
  private readonly fragmentCosts = new Map<string, Selected>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
    private readonly defaults: readonly VariableDefinitionNode[],
    private readonly variables: Variables,
  ) {}

  selection(selection: SelectionSetNode | undefined, type: GraphQLNamedType | null | undefined): Selected {
    const sum = nothing();
    for (const node of selection?.selections ?? []) {
      const { objects, lists, values, names } = this.part(node, type);
      sum.objects += objects;
      sum.lists += lists;
      sum.values += values;
      for (const [name, count] of names) sum.names.set(name, count);
    }
    return sum;
  }

  private part(node: SelectionNode, type: GraphQLNamedType | null | undefined): Selected {
    if (node.kind === Kind.FIELD) return this.field(node, type);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.fragment(node.name.value);
    const { typeCondition, selectionSet } = node;
    return this.selection(selectionSet, typeCondition ? this.schema.getType(typeCondition.name.value) : type);
  }

  private fragment(name: string): Selected {
    const known = this.fragmentCosts.get(name);
    if (known !== undefined) return known;
    // A fragment that contains itself is refused by another rule; here it must only come to an end.
    this.fragmentCosts.set(name, nothing());
    const fragment = this.document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return nothing();
    const cost = this.selection(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value));
    this.fragmentCosts.set(name, cost);
    return cost;
  }

  private field(node: FieldNode, parent: GraphQLNamedType | null | undefined): Selected {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return nothing();
    const field = parent.getFields()[node.name.value];
    if (!field) return nothing();
    const type = getNamedType(field.type);
    if (!isCompositeType(type))
      return { ...nothing(), names: new Map([[(node.alias ?? node.name).value, valueOf(field, parent)]]) };
    const isPaged = field.args.some((argument) => argument.name === 'first');
    const length = isPaged ? this.pageSize(node) : lengthOf(field);
    const { objects, lists, values } = times(length, this.selection(node.selectionSet, type));
    const dear = DEAR_VALUES[`${parent.name}.${field.name}`] ?? 0;
    return { ...nothing(), objects: length + objects, lists: lists + Number(isPaged), values: values + dear };
  }

  private pageSize(node: FieldNode): number {
    const sizes = (node.arguments ?? [])
      .filter(({ name }) => name.value === 'first' || name.value === 'last')
      .map(({ value }) => this.numberIn(value))
      .filter((size) => typeof size === 'number');
    return pageSizeOf(sizes.length > 0 ? Math.max(...sizes) : undefined);
  }

  private numberIn(value: ValueNode): unknown {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return undefined;
    this.variablesRead.add(value.name.value);
    const fallback = this.defaults.find(
      (definition) => definition.variable.name.value === value.name.value,
    )?.defaultValue;
    return this.variables[value.name.value] ?? (fallback?.kind === Kind.INT ? Number(fallback.value) : undefined);
  }
}

const valueOf = ({ name }: GraphQLField<unknown, unknown>, parent: GraphQLNamedType): number =>
  DEAR_VALUES[`${parent.name}.${name}`] ?? 1;

/** The edges of a connection are counted by the field that has the page arguments. */
const lengthOf = ({ name, type }: GraphQLField<unknown, unknown>): number =>
  isListType(getNullableType(type)) && name !== 'edges' ? LIST_LENGTH : 1;

/** The page size that a value of `first` stands for. */
export const pageSizeOf = (size: unknown): number =>
  typeof size === 'number' ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
