import type { GraphQLResolveInfo } from 'graphql';
import type { Input, Rpc } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc, userRpc } from '@fowergram/contracts-user';
import type { ArgumentPath, RequestContext } from '../api/context/request-context.js';
import { putIntoForce } from '../visibility/put-into-force.js';

type Command = Rpc & { readonly output: typeof userRpc.follow.output };

/** These only show more than before; every other command is taken to hide something. */
const SHOWING: ReadonlySet<Rpc> = new Set<Rpc>([
  userRpc.follow,
  relationshipRpc.acceptRequest,
  relationshipRpc.unblock,
  relationshipRpc.unmute,
  relationshipRpc.addCloseFriend,
]);

/** The way of every mutation of a relationship: what it changes is in force before it is answered. */
export async function changeRelationship<C extends Command>(
  context: RequestContext,
  info: GraphQLResolveInfo,
  contract: C,
  input: Input<C>,
  at?: ArgumentPath,
): Promise<Changed> {
  const changed: Changed = await context.command(info, contract, input, at);
  await putIntoForce(changed.changes, context, { hides: !SHOWING.has(contract) });
  return changed;
}
