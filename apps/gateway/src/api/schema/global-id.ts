import { badInput, publicId } from '@fowergram/contracts-core';

/** Everything that node(id) can find. */
export type NodeKind = 'user' | 'post' | 'media' | 'comment' | 'notification' | 'report' | 'collection';

/** What has an id so that clients recognise it, and is not found by node(id). */
type OtherKind =
  | 'relationship'
  | 'notification-summary'
  | 'my-account'
  | 'moderated-account'
  | 'erasure'
  | 'sign-in'
  | 'muted-word'
  | 'service-account'
  | 'service-key'
  | 'webhook'
  | 'webhook-delivery'
  | 'content-preferences'
  | 'hashtag';

const KINDS = new Set<string>([
  'user',
  'post',
  'media',
  'comment',
  'notification',
  'report',
  'collection',
] satisfies NodeKind[]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** With a version and a variant, without which the services take no UUID either. */
const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** Makes the id that clients see; its form is nobody's business but this file's. */
export const globalId = (kind: NodeKind | OtherKind, id: string): string => publicId(kind, id);

/** The pattern of the ids of these kinds, or of everything that node(id) can find. */
export const idPattern = (kinds: readonly (NodeKind | OtherKind)[] = [...KINDS] as NodeKind[]): string =>
  `^${kinds.length === 1 ? kinds[0] : `(${kinds.join('|')})`}_${UUID_PATTERN}$`;

/** Reads any global id; throws BAD_USER_INPUT at the argument's path. */
export function parseGlobalId(value: string, path: (string | number)[]): { kind: NodeKind; id: string } {
  const { kind, id } = split(value, path);
  if (!KINDS.has(kind)) throw invalid(path);
  return { kind: kind as NodeKind, id };
}

/** Reads the id of one kind of thing; throws BAD_USER_INPUT at the argument's path for anything else. */
export function parseId(
  kind: NodeKind | 'muted-word' | 'service-account' | 'service-key' | 'webhook' | 'webhook-delivery',
  value: string,
  path: (string | number)[],
): string {
  const parsed = split(value, path);
  if (parsed.kind === kind) return parsed.id;
  throw KINDS.has(parsed.kind) ? badInput(path, `This is not the id of a ${kind}.`) : invalid(path);
}

function split(value: string, path: (string | number)[]): { kind: string; id: string } {
  const at = value.indexOf('_');
  const id = value.slice(at + 1);
  if (!UUID.test(id)) throw invalid(path);
  return { kind: value.slice(0, at), id };
}

const invalid = (path: (string | number)[]) => badInput(path, 'This is not a valid id.');
