import { type Notification, notificationRpc } from '@fowergram/contracts-notification';
import type { RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, type TwoWayPageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';

/** A page of somebody's notifications; what an account did that is not visible now is left out. */
export async function listNotifications(
  recipientId: string,
  args: TwoWayPageArgs,
  context: RequestContext,
): Promise<ConnectionOf<Notification>> {
  const page = await context.query(notificationRpc.list, { recipientId, ...pageInput(args) });
  const connection = toConnection(page, args);
  const { users } = context.loaders;
  await Promise.allSettled([users.many(connection.edges.flatMap(({ node }) => node.actorIds))]);
  return {
    ...connection,
    edges: connection.edges.filter(({ node }) => node.actorIds.some((id) => !users.isMissing(id))),
  };
}
