import {
  defaultFieldResolver,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { RequestContext } from '../context/request-context.js';
import { whenKnown } from '../context/when-known.js';
import type { ConnectionOf } from './connection.types.js';
import type { CursorSeal } from './cursor-seal.js';
import { selectedFields } from './selected-fields.js';
import { WholeItems } from './whole-items.js';

type Args = Readonly<Record<string, unknown>>;
type ListField = GraphQLField<unknown, RequestContext, Args>;
type Edge = ConnectionOf<unknown>['edges'][number];

/** The arguments that tell a page, and not a list. */
const PAGE_ARGUMENTS = new Set(['first', 'after', 'last', 'before']);
const ROOTS = new Set(['Query', 'Subscription']);

/** Fields that are ways to the same list name it by the extension `cursorsOf`: a cursor of one is good for the others. */
export interface ListExtensions {
  cursorsOf?: string;
}

/**
 * Makes every field that answers a connection give out signed cursors and take only its own, and every subscription that answers edges.
 * Resolvers and services know positions alone, so that no list goes without.
 */
export function sealLists(schema: GraphQLSchema, seal: CursorSeal): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()) as ListField[]) {
      if (isConnection(field)) sealConnection(field, listOf(type, field), seal);
      else if (type === schema.getSubscriptionType() && takesCursors(field))
        sealStream(field, listOf(type, field), seal);
    }
  }
  return schema;
}

/** Names the list that a field of this object answers to this viewer. */
type ListName = (
  source: unknown,
  args: Args,
  context: RequestContext,
  info: GraphQLResolveInfo,
) => string | Promise<string>;

function listOf(type: GraphQLObjectType, field: ListField): ListName {
  const { cursorsOf } = field.extensions as ListExtensions;
  const name = cursorsOf ?? `${type.name}.${field.name}`;
  const owner = cursorsOf === undefined && !ROOTS.has(type.name) ? ownerOf(type) : () => null;
  return (source, args, context, info) =>
    whenKnown(owner(source, {}, context, info) as string | null, (ownerId) =>
      JSON.stringify([name, ownerId, ownArguments(args), context.viewerId]),
    );
}

/** The id of the object that a list belongs to, as clients read it. */
function ownerOf(type: GraphQLObjectType) {
  const id = type.getFields()['id'];
  if (!id) throw new Error(`${type.name} has a list and no id, by which its cursors differ from those of others.`);
  return id.resolve ?? ((source: unknown) => (source as { id: string }).id);
}

const ownArguments = (args: Args): [string, unknown][] =>
  Object.entries(args)
    .filter(([name, value]) => !PAGE_ARGUMENTS.has(name) && value != null)
    .sort(([a], [b]) => (a < b ? -1 : 1));

function sealConnection(field: ListField, listName: ListName, seal: CursorSeal): void {
  const read = field.resolve ?? defaultFieldResolver;
  const wholeItems = new WholeItems(getNamedType(field.type));
  const sealed: typeof read = async (source, args, context, info) => {
    const selected = selectedFields(info);
    const isShown = ['cursor', 'startCursor', 'endCursor'].some((name) => selected.has(name));
    const list = isShown || hasCursor(args) ? await listName(source, args, context, info) : '';
    const given = (await read(source, opened(args, list, seal), context, info)) as ConnectionOf<unknown> | null;
    if (!given) return given;
    const connection = { ...given, edges: wholeItems.of(given.edges, selected, context) };
    return isShown ? sealedConnection(connection, list, seal, selected) : connection;
  };
  field.resolve = Object.defineProperty(sealed, 'name', { value: `sealed ${read.name}` });
}

function sealStream(field: ListField, listName: ListName, seal: CursorSeal): void {
  const { subscribe, resolve = defaultFieldResolver } = field;
  field.subscribe = async (source, args, context, info) =>
    subscribe!(source, opened(args, await listName(source, args, context, info), seal), context, info);
  field.resolve = async (event, args, context, info) => {
    const edge = (await resolve(event, args, context, info)) as Edge | null;
    return edge && sealedEdge(edge, await listName(event, args, context, info), seal);
  };
}

const isConnection = ({ type }: ListField): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) && 'pageInfo' in named.getFields();
};
const takesCursors = ({ args }: ListField): boolean => args.some(({ name }) => name === 'after');
const hasCursor = ({ after, before }: Args): boolean => after != null || before != null;

/** A cursor is opened where the resolver reads it: whoever has to be signed in learns that first. */
function opened(args: Args, list: string, seal: CursorSeal): Args {
  if (!hasCursor(args)) return args;
  const positions = { ...args };
  for (const argument of ['after', 'before'] as const) {
    const cursor = args[argument];
    if (typeof cursor !== 'string') continue;
    Object.defineProperty(positions, argument, { enumerable: true, get: () => seal.open(list, cursor, argument) });
  }
  return positions;
}

function sealedConnection(
  { edges, pageInfo, ...rest }: ConnectionOf<unknown>,
  list: string,
  seal: CursorSeal,
  selected: Set<string>,
): ConnectionOf<unknown> {
  const sealedOr = (cursor: string | null, name: string) =>
    cursor === null || !selected.has(name) ? cursor : seal.seal(list, cursor);
  return {
    ...rest,
    edges: selected.has('cursor') ? edges.map((edge) => sealedEdge(edge, list, seal)) : edges,
    pageInfo: {
      ...pageInfo,
      startCursor: sealedOr(pageInfo.startCursor, 'startCursor'),
      endCursor: sealedOr(pageInfo.endCursor, 'endCursor'),
    },
  };
}

const sealedEdge = (edge: Edge, list: string, seal: CursorSeal): Edge => ({
  ...edge,
  cursor: seal.seal(list, edge.cursor),
});
