import {
  type ASTNode,
  type DirectiveNode,
  type FieldNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';
import type { Dice } from '../src/random.js';
import type { Operation } from './fuzz-case.js';
import { HOSTILE_VALUES, literalOf } from './values.js';
import type { ValidDocument } from './valid-documents.js';

const NAMES = ['__typename', '__schema', '__proto__', 'constructor', 'toString', 'id', 'x', 'edges', 'posts'];
const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });

type Change = (dice: Dice) => Partial<Record<string, (node: never) => ASTNode | null | undefined>>;

const directive = (name: string, value: ValueNode): DirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: nameNode(name),
  arguments: [{ kind: Kind.ARGUMENT, name: nameNode('if'), value }],
});

const sometimes =
  <N>(dice: Dice, share: number, change: (node: N) => ASTNode | null) =>
  (node: N) =>
    dice.chance(share) ? change(node) : undefined;

/** Each breaks a valid document in one way, at places that chance chooses. */
const CHANGES: Record<string, Change> = {
  'another field': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.2, (node) => ({ ...node, name: nameNode(dice.pick(NAMES)) })),
  }),
  'no selection': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.2, ({ selectionSet: _none, ...node }) => node),
  }),
  'a selection of a leaf': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.2, (node) => ({
      ...node,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: nameNode('id') }] },
    })),
  }),
  'aliases that collide': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.4, (node) => ({
      ...node,
      alias: nameNode(dice.pick(['a', 'b', '__typename'])),
    })),
  }),
  'arguments left out': (dice) => ({ Argument: sometimes(dice, 0.5, () => null) }),
  'an argument twice': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.5, (node) => ({
      ...node,
      arguments: [...(node.arguments ?? []), ...(node.arguments ?? [])],
    })),
  }),
  'wrong literals': (dice) => ({
    Argument: (node: { kind: Kind.ARGUMENT; name: NameNode; value: ValueNode }) =>
      dice.chance(0.5) ? { ...node, value: literalOf(dice.pick(HOSTILE_VALUES)) } : undefined,
  }),
  'directives everywhere': (dice) => ({
    Field: sometimes<FieldNode>(dice, 0.3, (node) => ({
      ...node,
      directives: dice.list(dice.int(1, 4), () =>
        directive(
          dice.pick(['skip', 'include', 'defer', 'stream', 'deprecated', 'x']),
          literalOf(dice.pick([true, false, 1, null])),
        ),
      ),
    })),
  }),
  'selections doubled': (dice) => ({
    SelectionSet: (node: SelectionSetNode) =>
      dice.chance(0.3) ? { ...node, selections: [...node.selections, ...node.selections] } : undefined,
  }),
  'another kind of operation': (dice) => ({
    OperationDefinition: (node: OperationDefinitionNode) => ({
      ...node,
      operation: dice.pick(Object.values(OperationTypeNode)),
    }),
  }),
  'variables of other types': (dice) => ({
    NamedType: (node: { kind: Kind.NAMED_TYPE; name: NameNode }) =>
      dice.chance(0.6)
        ? { ...node, name: nameNode(dice.pick(['Int', 'ID', 'String', 'Post', '__Type', 'x'])) }
        : undefined,
  }),
  'variables that nobody defined': (dice) => ({ VariableDefinition: sometimes(dice, 0.6, () => null) }),
};

/** Breaks a valid document in up to three ways; its variables stay what they were, or turn into something else. */
export function nearlyValid(
  { definition, variables }: ValidDocument,
  dice: Dice,
): { kind: string; operation: Operation } {
  const kinds = [...new Set(dice.list(dice.int(1, 3), () => dice.pick(Object.keys(CHANGES))))];
  const changed = kinds.reduce<ASTNode | null>(
    (node, kind) => (node ? (visit(node, CHANGES[kind]!(dice) as never) as ASTNode | null) : null),
    definition,
  );
  return {
    kind: kinds.join(', '),
    operation: { query: changed ? print(changed) : '', variables: changedVariables(variables, dice) },
  };
}

function changedVariables(variables: Record<string, unknown>, dice: Dice): Record<string, unknown> {
  if (dice.chance(0.6)) return variables;
  const names = Object.keys(variables);
  const changed = Object.fromEntries(names.map((name) => [name, dice.pick(HOSTILE_VALUES)]));
  return { ...changed, [dice.pick(['unknown', '__proto__x', 'toString'])]: dice.pick(HOSTILE_VALUES) };
}
