import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What a document may be, each bound above the largest screen of a client and below what is dear to validate. */
export const SHAPE = {
  depth: 12,
  aliases: 30,
  directives: 50,
  operations: 50,
  fragments: 50,
  rootFields: 30,
  selectionsOfOneSet: 100,
  /** Fields that ask for the same response name in one selection set: the rule that merges them compares each with each. */
  repeatedFields: 30,
  /** A response name is answered once for each item of a list. */
  nameLength: 100,
} as const;

/** How large a document is that fits, for whatever is bounded by size. */
export interface DocumentShape {
  nodes: number;
  /** Fields after each spread is replaced by its fragment, as an engine does that compiles: twenty fragments can stand for a million. */
  expandedFields: number;
}

/**
 * Checks the shape of a parsed document by one visit of each node, before any rule that is dear; throws a GraphQLError for what
 * is too much. Unknown fields, types and fragments are left to the validation.
 */
export function checkShape(document: DocumentNode): DocumentShape {
  const nodes = countNodes(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const depths = new Map<string, number>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragmentDepth(definition.name.value, fragments, depths);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (rootFields(definition.selectionSet, fragments, new Set()) > SHAPE.rootFields)
      throw tooMuch(`An operation has at most ${SHAPE.rootFields} root fields.`, definition);
    if (depthOf(definition.selectionSet, fragments, depths) > SHAPE.depth)
      throw tooMuch(`An operation is at most ${SHAPE.depth} fields deep.`, definition);
  }
  return { nodes, expandedFields: expandedFields(document, fragments) };
}

function countNodes(document: DocumentNode): number {
  const count = { nodes: 0, aliases: 0, directives: 0, operations: 0, fragments: 0, repeated: 0 };
  const limit = (name: 'aliases' | 'directives' | 'operations' | 'fragments', node: ASTNode) => {
    if (++count[name] > SHAPE[name]) throw tooMuch(`A document has at most ${SHAPE[name]} ${name}.`, node);
  };
  visit(document, {
    enter: (node) => {
      count.nodes++;
      if (node.kind === Kind.NAME && node.value.length > SHAPE.nameLength)
        throw tooMuch(`A name has at most ${SHAPE.nameLength} characters.`, node);
      if (node.kind === Kind.FIELD && node.alias) limit('aliases', node);
      if (node.kind === Kind.DIRECTIVE) limit('directives', node);
      if (node.kind === Kind.OPERATION_DEFINITION) limit('operations', node);
      if (node.kind === Kind.FRAGMENT_DEFINITION) limit('fragments', node);
      if (node.kind === Kind.SELECTION_SET) count.repeated += repeatedFields(node);
    },
  });
  if (count.repeated > SHAPE.repeatedFields)
    throw tooMuch(`A document repeats at most ${SHAPE.repeatedFields} fields.`, document);
  return count.nodes;
}

function repeatedFields({ selections }: SelectionSetNode): number {
  if (selections.length > SHAPE.selectionsOfOneSet)
    throw tooMuch(`A selection set has at most ${SHAPE.selectionsOfOneSet} selections.`, selections[0]);
  const fields = selections.filter((node): node is FieldNode => node.kind === Kind.FIELD);
  return fields.length - new Set(fields.map((node) => (node.alias ?? node.name).value)).size;
}

/** Each fragment counts once, as it is answered once, however often it is named. */
function rootFields(
  { selections }: SelectionSetNode,
  fragments: Map<string, FragmentDefinitionNode>,
  seen: Set<string>,
): number {
  let sum = 0;
  for (const node of selections) {
    if (node.kind === Kind.FIELD) sum++;
    else if (node.kind === Kind.INLINE_FRAGMENT) sum += rootFields(node.selectionSet, fragments, seen);
    else if (!seen.has(node.name.value)) {
      seen.add(node.name.value);
      const fragment = fragments.get(node.name.value);
      if (fragment) sum += rootFields(fragment.selectionSet, fragments, seen);
    }
  }
  return sum;
}

/** Fields nested in each other; introspection is left out, since the specification's own rule bounds it. */
function depthOf(
  selection: SelectionSetNode | undefined,
  fragments: Map<string, FragmentDefinitionNode>,
  depths: Map<string, number>,
): number {
  let deepest = 0;
  for (const node of selection?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      if (node.name.value.startsWith('__')) continue;
      deepest = Math.max(deepest, 1 + depthOf(node.selectionSet, fragments, depths));
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, depthOf(node.selectionSet, fragments, depths));
    } else deepest = Math.max(deepest, fragmentDepth(node.name.value, fragments, depths));
  }
  return deepest;
}

/** Remembers each fragment's depth: without that, fragments that name two others each cost twice as much as the one before. */
function fragmentDepth(
  name: string,
  fragments: Map<string, FragmentDefinitionNode>,
  depths: Map<string, number>,
): number {
  const known = depths.get(name);
  if (known !== undefined) return known;
  // A fragment that contains itself is refused by the validation; here it must only come to an end.
  depths.set(name, 0);
  const depth = depthOf(fragments.get(name)?.selectionSet, fragments, depths);
  depths.set(name, depth);
  return depth;
}

function expandedFields(document: DocumentNode, fragments: Map<string, FragmentDefinitionNode>): number {
  const known = new Map<string, number>();
  const sizeOf = (selection: SelectionSetNode | undefined): number => {
    let size = 0;
    for (const node of selection?.selections ?? []) {
      if (node.kind === Kind.FIELD) size += 1 + sizeOf(node.selectionSet);
      else if (node.kind === Kind.INLINE_FRAGMENT) size += sizeOf(node.selectionSet);
      else size += fragmentSize(node.name.value);
    }
    return size;
  };
  const fragmentSize = (name: string): number => {
    const size = known.get(name);
    if (size !== undefined) return size;
    known.set(name, 0);
    known.set(name, sizeOf(fragments.get(name)?.selectionSet));
    return known.get(name)!;
  };
  return document.definitions.reduce(
    (sum, definition) => sum + (definition.kind === Kind.OPERATION_DEFINITION ? sizeOf(definition.selectionSet) : 0),
    0,
  );
}

const tooMuch = (message: string, node?: ASTNode): GraphQLError =>
  new GraphQLError(message, node ? { nodes: node } : {});
