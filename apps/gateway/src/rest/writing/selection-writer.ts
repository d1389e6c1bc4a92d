import {
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql';
import { COUNTED, HELD } from '../../feed/referenced-posts.js';
import { leafText, NotWritable } from './leaf-texts.js';
import { PENDING, type Resolve, type Writing } from './writing.js';

/** Writes a value as JSON; throws NotWritable for what is not as the schema says. */
export type Write = (value: unknown, writing: Writing) => string;

/** What writes each selection of each type, which all documents share: a fragment says the same wherever it is spread. */
export type Compiled = Map<string, Write>;

interface FieldWriter {
  write: Write;
  /** True for a plain value that every copy of what is held has. */
  isSame: boolean;
}

type Source = Readonly<Record<string, unknown>>;

/** What of `info` is the same for a whole document. */
export type DocumentInfo = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'rootValue'>;

/** Compiles selections of a document into functions that write the objects of resolvers as JSON, with the resolvers of the schema. */
export class SelectionCompiler {
  constructor(
    private readonly document: DocumentInfo,
    private readonly compiled: Compiled,
  ) {}

  /** What answers this field of an object of this type, or promises it. */
  resolver(node: FieldNode, parentType: GraphQLObjectType): Resolve {
    const field = parentType.getFields()[node.name.value]!;
    const { name, resolve } = field;
    if (!resolve) return (source) => (source as Record<string, unknown>)[name];
    const info = this.infoOf(node, parentType, field);
    if (!node.arguments?.length) {
      const args = getArgumentValues(field, node, {});
      return (source, context) => resolve(source, args, context, info);
    }
    return (source, context, variables) =>
      resolve(source, getArgumentValues(field, node, variables), context, { ...info, variableValues: variables });
  }

  /** What writes objects of this type. */
  object(type: GraphQLObjectType, selection: SelectionSetNode): Write {
    const name = `${type.name} ${print(selection)}`;
    const known = this.compiled.get(name);
    if (known) return known;
    const write = remembering(this.fields(type, selection));
    this.compiled.set(name, write);
    return write;
  }

  private fields(type: GraphQLObjectType, selection: SelectionSetNode): Write {
    const fields = this.fieldsOf(type, selection).map((node, index) => this.field(type, node, index));
    const parts = inRuns(fields).map((run) => (run[0]!.isSame ? sameOfHeld(inTurn(run)) : inTurn(run)));
    const write = inTurn(parts.map((part) => ({ write: part })));
    return (source, writing) => `{${write(source, writing)}}`;
  }

  private field(type: GraphQLObjectType, node: FieldNode, index: number): FieldWriter {
    const { name, type: fieldType, resolve } = type.getFields()[node.name.value]!;
    const key = `${index === 0 ? '' : ','}${JSON.stringify((node.alias ?? node.name).value)}:`;
    const write = this.value(fieldType, node.selectionSet);
    if (!resolve)
      return {
        isSame: !COUNTED.has(name) && isLeafType(getNamedType(fieldType)),
        write: (source, writing) => key + write((source as Source)[name], writing),
      };
    const resolver = this.resolver(node, type);
    return { isSame: false, write: (source, writing) => key + write(writing.value(node, source, resolver), writing) };
  }

  /** What writes values of this type. */
  value(type: GraphQLOutputType, selection: SelectionSetNode | undefined): Write {
    if (isNonNullType(type)) {
      const write = this.value(type.ofType, selection);
      return (value, writing) => {
        if (value === null || value === undefined) throw new NotWritable();
        return value === PENDING ? 'null' : write(value, writing);
      };
    }
    const write = this.present(type, selection);
    return (value, writing) => {
      if (value === PENDING || value === null || value === undefined) return 'null';
      return write(value, writing);
    };
  }

  private present(type: GraphQLOutputType, selection: SelectionSetNode | undefined): Write {
    if (isLeafType(type)) return leafText(type);
    if (isListType(type)) {
      const write = this.value(type.ofType as GraphQLOutputType, selection);
      return (value, writing) => {
        if (!Array.isArray(value)) throw new NotWritable();
        return `[${value.map((item) => write(item, writing)).join(',')}]`;
      };
    }
    if (!isObjectType(type) || !selection) throw new NotWritable();
    return this.object(type, selection);
  }

  /** The fields of a selection, fragments opened; one that is named twice would have to be merged. */
  private fieldsOf(type: GraphQLObjectType, { selections }: SelectionSetNode): FieldNode[] {
    const fields = selections.flatMap((node) => {
      if (node.directives?.length) throw new NotWritable();
      if (node.kind === Kind.FIELD) return [node];
      const { selectionSet, typeCondition } =
        node.kind === Kind.INLINE_FRAGMENT
          ? node
          : (this.document.fragments[node.name.value] as FragmentDefinitionNode);
      if (typeCondition && typeCondition.name.value !== type.name) throw new NotWritable();
      return this.fieldsOf(type, selectionSet);
    });
    if (new Set(fields.map(({ alias, name }) => (alias ?? name).value)).size < fields.length) throw new NotWritable();
    return fields;
  }

  private infoOf(
    node: FieldNode,
    parentType: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
  ): GraphQLResolveInfo {
    const key = (node.alias ?? node.name).value;
    const path = { prev: undefined, key, typename: parentType.name };
    const { name: fieldName, type: returnType } = field;
    return { ...this.document, fieldName, fieldNodes: [node], returnType, parentType, path, variableValues: {} };
  }
}

/** Fields that follow each other and are, or are not, the same. */
function inRuns(fields: FieldWriter[]): FieldWriter[][] {
  const runs: FieldWriter[][] = [];
  for (const field of fields) {
    const last = runs.at(-1);
    if (last?.[0]!.isSame === field.isSame) last.push(field);
    else runs.push([field]);
  }
  return runs;
}

const inTurn =
  (parts: { write: Write }[]): Write =>
  (source, writing) => {
    let text = '';
    for (const { write } of parts) text += write(source, writing);
    return text;
  };

/** Of posts of one revision the same is written again. */
function sameOfHeld(write: Write): Write {
  const texts = new WeakMap<object, string>();
  return (source, writing) => {
    const held = (source as { [HELD]?: object })[HELD];
    if (held === undefined) return write(source, writing);
    const known = texts.get(held);
    if (known !== undefined) return known;
    const text = write(held, writing);
    texts.set(held, text);
    return text;
  };
}

/**
 * What was written of an object without reading the context is written of it again, to whomever: an object is never changed once it was
 * read, so that its text is right for as long as somebody holds it.
 */
function remembering(write: Write): Write {
  const texts = new WeakMap<object, string>();
  return (source, writing) => {
    const known = texts.get(source as object);
    if (known !== undefined) return known;
    const { contextReads } = writing;
    const text = write(source, writing);
    if (writing.contextReads === contextReads) texts.set(source as object, text);
    return text;
  };
}
