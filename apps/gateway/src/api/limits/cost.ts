import {
  type ASTVisitor,
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
  type ValidationContext,
} from 'graphql';
import { MAX_PAGE_SIZE } from '@fowergram/contracts-core';

/** Twice what a page of 100 posts with everything that a screen shows of them costs. */
const MAX_COST = 10_000;
const DEFAULT_PAGE_SIZE = 20;
/** The length that a list without page arguments is taken to have. */
const LIST_LENGTH = 5;

/** How many combinations of page sizes are remembered for one document. */
const MAX_REMEMBERED = 500;

type Variables = Readonly<Record<string, unknown>>;

/** For documents whose cost depends on variables: which those are, and the values that were looked at already. */
const dependOnVariables = new WeakMap<DocumentNode, { names: string[]; affordable: Set<string> }>();

const tooMuch = () =>
  new GraphQLError(
    `This asks for too much at once (more than about ${MAX_COST} objects): ask for shorter pages or fewer nested lists.`,
  );

/** Refuses documents that ask for more objects than MAX_COST, nested pages multiplied. */
export function costLimit(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const survey = new CostSurvey(context.getSchema(), document, {});
      if (survey.cost() > MAX_COST) context.reportError(tooMuch());
      if (survey.variablesRead.size > 0)
        dependOnVariables.set(document, { names: [...survey.variablesRead], affordable: new Set() });
    },
  };
}

/** The same for what only a request knows: the page sizes in its variables. */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables | null | undefined,
): void {
  const seen = dependOnVariables.get(document);
  if (!seen) return;
  const sizes = seen.names.map((name) => String(variables?.[name])).join();
  if (seen.affordable.has(sizes)) return;
  if (new CostSurvey(schema, document, variables ?? {}).cost() > MAX_COST) throw tooMuch();
  if (seen.affordable.size < MAX_REMEMBERED) seen.affordable.add(sizes);
}

/** Adds up one point for each object, in lists as often as the list may be long. */
class CostSurvey {
  readonly variablesRead = new Set<string>();
  private readonly fragmentCosts = new Map<string, number>();
  private defaults: OperationDefinitionNode['variableDefinitions'] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
    private readonly variables: Variables,
  ) {}

  /** The cost of the dearest operation of the document. */
  cost(): number {
    let dearest = 0;
    for (const definition of this.document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      this.defaults = definition.variableDefinitions;
      this.fragmentCosts.clear();
      dearest = Math.max(
        dearest,
        this.selection(definition.selectionSet, this.schema.getRootType(definition.operation)),
      );
    }
    return dearest;
  }

  private selection(selection: SelectionSetNode | undefined, type: GraphQLNamedType | null | undefined): number {
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
      const fallback = this.defaults?.find(
        (definition) => definition.variable.name.value === value.name.value,
      )?.defaultValue;
      size = this.variables[value.name.value] ?? (fallback?.kind === Kind.INT ? Number(fallback.value) : undefined);
    }
    return typeof size === 'number' ? Math.min(Math.max(size, 1), MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
  }
}
