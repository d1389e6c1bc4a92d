import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

const MAX_DEPTH = 12;

/** Refuses operations whose fields are nested deeper than any screen needs. Introspection has rules of its own. */
export function depthLimit(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (depthOf(operation.selectionSet, context, new Set()) > MAX_DEPTH) {
        context.reportError(
          new GraphQLError(`An operation is at most ${MAX_DEPTH} fields deep.`, { nodes: operation }),
        );
      }
    },
  };
}

function depthOf(selection: SelectionSetNode | undefined, context: ValidationContext, within: Set<string>): number {
  let deepest = 0;
  for (const node of selection?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      if (!node.name.value.startsWith('__'))
        deepest = Math.max(deepest, 1 + depthOf(node.selectionSet, context, within));
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, depthOf(node.selectionSet, context, within));
    } else if (!within.has(node.name.value) && within.size <= MAX_DEPTH) {
      const fragment = context.getFragment(node.name.value);
      deepest = Math.max(deepest, depthOf(fragment?.selectionSet, context, new Set(within).add(node.name.value)));
    }
  }
  return deepest;
}
