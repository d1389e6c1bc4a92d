import { badInput } from '@fowergram/contracts-core';

/** Everything that node(id) can find. */
export type NodeKind = 'user' | 'post' | 'media' | 'comment' | 'notification' | 'report';

/** What has an id so that clients recognise it, and is not found by node(id). */
type OtherKind =
  'relationship' | 'notification-summary' | 'my-account' | 'moderated-account' | 'erasure' | 'sign-in' | 'muted-word';

const KINDS = new Set<string>(['user', 'post', 'media', 'comment', 'notification', 'report'] satisfies NodeKind[]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Makes the id that clients see; its form is nobody's business but this file's. */
export const globalId = (kind: NodeKind | OtherKind, id: string): string => `${kind}_${id}`;

/** Reads any global id; throws BAD_USER_INPUT at the argument's path. */
export function parseGlobalId(value: string, path: (string | number)[]): { kind: NodeKind; id: string } {
  const at = value.indexOf('_');
  const kind = value.slice(0, at);
  const id = value.slice(at + 1);
  if (!KINDS.has(kind) || !UUID.test(id)) throw badInput(path, 'This is not a valid id.');
  return { kind: kind as NodeKind, id };
}

/** Reads the id of one kind of thing; throws BAD_USER_INPUT at the argument's path for anything else. */
export function parseId(kind: NodeKind | 'muted-word', value: string, path: (string | number)[]): string {
  if (kind === 'muted-word') return parseOther(kind, value, path);
  const parsed = parseGlobalId(value, path);
  if (parsed.kind !== kind) throw badInput(path, `This is not the id of a ${kind}.`);
  return parsed.id;
}

function parseOther(kind: OtherKind, value: string, path: (string | number)[]): string {
  const id = value.slice(kind.length + 1);
  if (!value.startsWith(`${kind}_`) || !UUID.test(id)) throw badInput(path, 'This is not a valid id.');
  return id;
}
