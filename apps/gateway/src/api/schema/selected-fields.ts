import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

const memo = new WeakMap<object, Set<string>>();

/** The names of all fields asked for beneath this one, at any depth. A document is kept by the engine, so this is found out once. */
export function selectedFields({ fieldNodes, fragments }: GraphQLResolveInfo): Set<string> {
  const known = memo.get(fieldNodes[0]!);
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
  for (const node of fieldNodes) collect(node.selectionSet);
  memo.set(fieldNodes[0]!, names);
  return names;
}
