import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

type Fragments = GraphQLResolveInfo['fragments'];

const memo = new WeakMap<FieldNode, Set<string>>();

/** The names of all fields asked for beneath this one, at any depth. */
export function selectedFields({ fieldNodes, fragments }: GraphQLResolveInfo): Set<string> {
  if (fieldNodes.length === 1) return namesBeneath(fieldNodes[0]!, fragments);
  return new Set(fieldNodes.flatMap((node) => [...namesBeneath(node, fragments)]));
}

/** A document is kept by the engine, so this is found out once for each of its nodes; which of them are asked for at once may differ. */
function namesBeneath(field: FieldNode, fragments: Fragments): Set<string> {
  const known = memo.get(field);
  if (known) return known;
  const names = new Set<string>();
  const seen = new Set<string>();
  const collect = (selection: SelectionSetNode | undefined): void => {
    for (const node of selection?.selections ?? []) {
      if (node.kind === Kind.FIELD) names.add(node.name.value);
      if (node.kind !== Kind.FRAGMENT_SPREAD) collect(node.selectionSet);
      else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        collect(fragments[node.name.value]?.selectionSet);
      }
    }
  };
  collect(field.selectionSet);
  memo.set(field, names);
  return names;
}
