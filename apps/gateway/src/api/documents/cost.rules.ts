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
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@fowergram/contracts-core';

/** A page of 100 posts with all their pictures, sizes and authors is 3,500; more takes the server a tenth of a second. */
const MAX_COST = 5_000;
/** The length that a list without page arguments is taken to have. */
const LIST_LENGTH = 5;

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs without its variables, and which of them change that. */
export interface OperationCost {
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
  const cost = survey.selection(operation.selectionSet, schema.getRootType(operation.operation));
  return { cost, pageSizeVariables: [...survey.variablesRead] };
}

/** Throws for an operation that asks for more than MAX_COST objects. */
export function requireAffordable({ cost }: OperationCost): void {
  if (cost > MAX_COST)
    throw new GraphQLError(
      `This asks for too much at once (more than about ${MAX_COST} objects): ask for shorter pages or fewer nested lists.`,
    );
}

/** Adds up one point for each object, in lists as often as the list may be long. */
class CostSurvey {
  readonly variablesRead = new Set<string>();
  private readonly fragmentCosts = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
    private readonly defaults: readonly VariableDefinitionNode[],
    private readonly variables: Variables,
  ) {}

  selection(selection: SelectionSetNode | undefined, type: GraphQLNamedType | null | undefined): number {
    let sum = 0;
    for (const node of selection?.selections ?? []) {
      if (node.kind === Kind.FIELD) sum += this.field(node, type);
      else if (node.kind === Kind.FRAGMENT_SPREAD) sum += this.fragment(node.name.value);
      else
        sum += this.selection(
          node.selectionSet,
          node.typeCondition ? this.schema.getType(node.typeCondition.name.value) : type,
        );
    }
    return sum;
  }

  private fragment(name: string): number {
    const known = this.fragmentCosts.get(name);
    if (known !== undefined) return known;
    // A fragment that contains itself is refused by another rule; here it must only come to an end.
    this.fragmentCosts.set(name, 0);
    const fragment = this.document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return 0;
    const cost = this.selection(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value));
    this.fragmentCosts.set(name, cost);
    return cost;
  }

  private field(node: FieldNode, parent: GraphQLNamedType | null | undefined): number {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
    const field = parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (!field || !isCompositeType(type)) return 0;
    return this.length(node, field) * (1 + this.selection(node.selectionSet, type));
  }

  private length(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    if (field.args.some((argument) => argument.name === 'first')) return this.pageSize(node);
    // The edges of a connection are counted by the field that has the page arguments.
    return isListType(getNullableType(field.type)) && node.name.value !== 'edges' ? LIST_LENGTH : 1;
  }

  private pageSize(node: FieldNode): number {
    const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    let size: unknown;
    if (value?.kind === Kind.INT) size = Number(value.value);
    if (value?.kind === Kind.VARIABLE) {
      this.variablesRead.add(value.name.value);
      const fallback = this.defaults.find(
        (definition) => definition.variable.name.value === value.name.value,
      )?.defaultValue;
      size = this.variables[value.name.value] ?? (fallback?.kind === Kind.INT ? Number(fallback.value) : undefined);
    }
    return pageSizeOf(size);
  }
}

/** The page size that a value of `first` stands for. */
export const pageSizeOf = (size: unknown): number =>
  typeof size === 'number' ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
