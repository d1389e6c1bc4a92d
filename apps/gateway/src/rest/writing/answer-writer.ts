import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { MAX_ANSWER_BYTES } from '../../api/answers/answer-size.rules.js';
import type { RequestContext } from '../../api/context/request-context.js';
import type { RestOperation } from '../rest-operation.js';
import { NotWritable } from './leaf-texts.js';
import { type Compiled, SelectionCompiler, type Write } from './selection-writer.js';
import { type Resolve, type Variables, Writing } from './writing.js';

/** Each pass finds what the one before was promised: at the most as many as a document is deep. */
const MAX_PASSES = 12;

/** The body of an answer that shows all of what was asked for. */
export interface WrittenBody {
  bytes: Buffer;
  /** Of a page. */
  nextCursor?: string | null;
  /** Of one thing that counts its changes. */
  version?: unknown;
}

interface Connection {
  edges: { node: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Finds what a field on the way to what is shown answers; null where that is nothing, or nothing of the type that the document means. */
type Step = (source: unknown, context: RequestContext, variables: Variables) => Promise<unknown>;

/**
 * Writes the answers of a route: the resolvers of its operation are called, and what they answer becomes the bytes of the body at once,
 * without the objects that an engine makes of them first. It knows whole answers alone: where anything fails or is not as the schema says,
 * the engine executes the operation and says what is wrong.
 */
export class AnswerWriter {
  private readonly steps: Step[] = [];
  private readonly write: Write;
  private readonly hasVersion: boolean;

  constructor(
    private readonly operation: RestOperation,
    private readonly schema: GraphQLSchema,
    compiled: Compiled,
  ) {
    const { document, target } = operation;
    const [definition, ...rest] = document.definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]];
    const fragments = Object.fromEntries(rest.map((fragment) => [fragment.name.value, fragment]));
    const compiler = new SelectionCompiler(
      { schema, fragments, operation: definition, rootValue: undefined },
      compiled,
    );
    const shown = this.follow(compiler, schema.getRootType(definition.operation)!, definition.selectionSet);
    this.write =
      target.kind === 'page'
        ? compiler.object(nodeTypeOf(target.type as GraphQLObjectType), target.selection!)
        : compiler.value(shown, target.selection);
    this.hasVersion = target.kind === 'one' && getNamedType(shown).name === 'Post';
  }

  /** The body; null where there is nothing to show, undefined where the engine has to execute the operation. */
  async answer(context: RequestContext, variables: Variables): Promise<WrittenBody | null | undefined> {
    try {
      let shown: unknown = {};
      for (const step of this.steps) {
        shown = await step(shown, context, variables);
        if (shown === null) return null;
      }
      const writing = new Writing(context, variables);
      for (let pass = 0; pass < MAX_PASSES; pass++) {
        const body = this.body(shown, writing);
        const promised = writing.endPass();
        if (promised) await promised;
        else return context.reads.isSpent || body.bytes.length > MAX_ANSWER_BYTES ? undefined : body;
      }
      return undefined;
    } catch {
      return undefined;
    }
  }

  private body(shown: unknown, writing: Writing): WrittenBody {
    const { kind, fields } = this.operation.target;
    if (kind === 'one') {
      const version = this.hasVersion ? (shown as { version: unknown }).version : undefined;
      return { bytes: Buffer.from(this.write(shown, writing)), version };
    }
    if (kind !== 'page') {
      const name = JSON.stringify(kind === 'list' ? 'items' : fields.at(-1)!);
      return { bytes: Buffer.from(`{${name}:${this.write(shown, writing)}}`) };
    }
    const { edges, pageInfo } = shown as Connection;
    const nextCursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    const text = `{"items":[${this.items(edges, writing)}],"nextCursor":${JSON.stringify(nextCursor)}}`;
    return { bytes: Buffer.from(text), nextCursor };
  }

  private items(edges: Connection['edges'], writing: Writing): string {
    let text = '';
    for (const { node } of edges) {
      text += (text === '' ? '' : ',') + this.write(node, writing);
      if (text.length > MAX_ANSWER_BYTES) throw new NotWritable();
    }
    return text;
  }

  /** Follows the fields that lead to what is shown, and answers the type of that. */
  private follow(
    compiler: SelectionCompiler,
    parent: GraphQLObjectType,
    { selections }: SelectionSetNode,
  ): GraphQLOutputType {
    const node = selections[0] as FieldNode;
    const { type } = parent.getFields()[node.name.value]!;
    const named = getNamedType(type);
    const condition = isAbstractType(named) ? (node.selectionSet!.selections[0] as InlineFragmentNode) : undefined;
    const meant = condition ? (this.schema.getType(condition.typeCondition!.name.value) as GraphQLObjectType) : type;
    this.steps.push(stepOf(compiler.resolver(node, parent), isAbstractType(named) ? named : undefined, meant));
    if (this.steps.length === this.operation.target.fields.length) return meant;
    const next = condition?.selectionSet ?? node.selectionSet!;
    return this.follow(compiler, getNamedType(meant) as GraphQLObjectType, next);
  }
}

const stepOf =
  (resolve: Resolve, abstract: GraphQLAbstractType | undefined, meant: GraphQLOutputType): Step =>
  async (source, context, variables) => {
    const value = await resolve(source, context, variables);
    if (value === null || value === undefined) return null;
    if (!abstract) return value;
    const name = await abstract.resolveType!(value, context, {} as GraphQLResolveInfo, abstract);
    return name === getNamedType(meant).name ? value : null;
  };

const nodeTypeOf = (connection: GraphQLObjectType): GraphQLObjectType => {
  const edge = getNamedType(connection.getFields()['edges']!.type) as GraphQLObjectType;
  return getNamedType(edge.getFields()['node']!.type) as GraphQLObjectType;
};
