import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parseType,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Chances, Operation } from './fuzz-case.js';
import { literalOf, valueFor } from './values.js';

/** What a document of the fuzzer never does for real: it would end the account that sends all the others. */
const LEFT_OUT = new Set(['deleteAccount', 'deactivateAccount', 'revokeSession', 'changePassword', 'changeEmail']);
const MAX_DEPTH = 9;

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: nameNode('__typename') };

/** An operation as a client would write it, with its variables. */
export interface ValidDocument {
  definition: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

export const asOperation = ({ definition, variables }: ValidDocument): Operation => ({
  query: print(definition),
  variables,
});

/** Makes operations that the schema allows; how much they ask for is left to chance. */
export class ValidDocuments {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chances: Chances,
  ) {}

  make(operation: OperationTypeNode): ValidDocument {
    const writer = new Writer(this.schema, this.chances);
    const selectionSet = writer.root(operation);
    const name = this.chances.dice.chance(0.3) ? { name: nameNode('Screen') } : {};
    return {
      definition: {
        kind: Kind.OPERATION_DEFINITION,
        operation,
        ...name,
        variableDefinitions: writer.definitions,
        selectionSet,
      },
      variables: writer.variables,
    };
  }
}

const isList = ({ type }: GraphQLField<unknown, unknown>): boolean => {
  const answered = getNamedType(type);
  return isObjectType(answered) && 'pageInfo' in answered.getFields();
};

/** JSON has no enums: as a literal, their values would be texts, which no enum takes. */
function holdsEnum(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return (
    isEnumType(named) ||
    (isInputObjectType(named) && Object.values(named.getFields()).some((field) => isEnumType(getNamedType(field.type))))
  );
}

/** Writes one operation. */
class Writer {
  readonly definitions: VariableDefinitionNode[] = [];
  readonly variables: Record<string, unknown> = {};
  private budget: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chances: Chances,
  ) {
    this.budget = chances.dice.int(5, 120);
  }

  root(operation: OperationTypeNode): SelectionSetNode {
    const { dice } = this.chances;
    const type = this.schema.getRootType(operation)!;
    const fields = Object.values(type.getFields()).filter(({ name }) => !LEFT_OUT.has(name));
    const count = operation === 'query' && dice.chance(0.3) ? dice.int(2, 5) : 1;
    const lists = fields.filter(isList);
    const selections = dice.list(count, (index) =>
      this.field(
        dice.pick(lists.length > 0 && dice.chance(0.4) ? lists : fields),
        1,
        index === 0 ? undefined : `r${index}`,
      ),
    );
    return { kind: Kind.SELECTION_SET, selections };
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number, alias?: string): FieldNode {
    const type = getNamedType(field.type);
    this.budget--;
    const given = field.args.filter((argument) => isNonNullType(argument.type) || this.chances.dice.chance(0.6));
    return {
      kind: Kind.FIELD,
      name: nameNode(field.name),
      ...(alias ? { alias: nameNode(alias) } : {}),
      arguments: given.map((argument) => ({
        kind: Kind.ARGUMENT,
        name: nameNode(argument.name),
        value: this.value(argument),
      })),
      ...(isCompositeType(type) ? { selectionSet: this.selection(type, depth) } : {}),
    };
  }

  private value(argument: GraphQLField<unknown, unknown>['args'][number]) {
    const value = valueFor(argument.name, argument.type, this.chances);
    if (this.chances.dice.chance(0.5) && !holdsEnum(argument.type)) return literalOf(value);
    const name = `v${this.definitions.length}`;
    this.variables[name] = value;
    this.definitions.push({
      kind: Kind.VARIABLE_DEFINITION,
      variable: { kind: Kind.VARIABLE, name: nameNode(name) },
      type: parseType(String(argument.type)),
    });
    return { kind: Kind.VARIABLE as const, name: nameNode(name) };
  }

  private selection(type: GraphQLNamedType, depth: number): SelectionSetNode {
    if (isInterfaceType(type)) return this.fragments(type, depth);
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    const { dice } = this.chances;
    // A connection is entered and shows its cursors, or the document asks for nothing but where its pages lie.
    const chosen = fields.filter(({ name, type: of }) => {
      if (name === 'edges' || name === 'node') return depth < MAX_DEPTH;
      if (name === 'cursor') return true;
      return isCompositeType(getNamedType(of))
        ? this.budget > 0 && depth < MAX_DEPTH && dice.chance(0.4)
        : dice.chance(0.5);
    });
    const selections = chosen.map((field) => this.field(field, depth + 1));
    return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] };
  }

  private fragments(type: Parameters<GraphQLSchema['getPossibleTypes']>[0], depth: number): SelectionSetNode {
    const selections = this.schema.getPossibleTypes(type).map((possible) => ({
      kind: Kind.INLINE_FRAGMENT as const,
      typeCondition: { kind: Kind.NAMED_TYPE as const, name: nameNode(possible.name) },
      selectionSet: this.selection(possible, depth),
    }));
    return { kind: Kind.SELECTION_SET, selections: [TYPENAME, ...selections] };
  }
}
