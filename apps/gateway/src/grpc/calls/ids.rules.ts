import { badInput } from '@fowergram/contracts-core';
import { type NodeKind, parseId } from '../../api/schema/global-id.js';

/** The ids of a batch, each once; throws BAD_USER_INPUT for too many and at the first that is none. */
export function parseIds(kind: NodeKind, ids: readonly string[], max: number): string[] {
  if (ids.length > max) throw badInput(['ids'], `Ask for at most ${max} at a time.`);
  return [...new Set(ids.map((id, index) => parseId(kind, id, ['ids', index])))];
}
