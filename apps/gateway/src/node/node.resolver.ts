import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { mediaRpc } from '@fowergram/contracts-media';
import { notificationRpc } from '@fowergram/contracts-notification';
import { lookUpComment, lookUpPost } from '../posts/look-up-content.js';
import { findUser } from '../users/find-user.js';
import { type NodeKind, parseGlobalId } from '../api/schema/global-id.js';
import { Node } from '../api/schema/node.types.js';
import type { RequestContext } from '../api/context/request-context.js';

/** How each kind of thing is found for a viewer: null when it does not exist or when this viewer may not see it. */
const FIND: Record<NodeKind, (id: string, context: RequestContext) => object | null | Promise<object | null>> = {
  user: findUser,
  post: lookUpPost,
  comment: lookUpComment,
  // Others see a picture through what shows it; by its id alone it is its owner's.
  media: async (id, context) => {
    if (context.viewerId === null) return null;
    const [media] = await context.ask(mediaRpc.byIds, { ids: [id], ownerId: context.viewerId });
    return media ?? null;
  },
  notification: async (id, context) => {
    if (context.viewerId === null) return null;
    const [notification] = await context.ask(notificationRpc.byIds, { recipientId: context.viewerId, ids: [id] });
    return notification ?? null;
  },
  collection: (id, { loaders, viewerId }) => (viewerId === null ? null : loaders.collections.get(id)),
  report: (id, { loaders, viewerId }) => (viewerId === null ? null : loaders.reports.get(id)),
};

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Whatever has this id; null when there is nothing that you may see.',
  })
  node(
    @Args('id', { type: () => ID, description: 'The id of anything; what is no id at all is BAD_USER_INPUT.' })
    globalId: string,
    @Context() context: RequestContext,
  ): object | null | Promise<object | null> {
    const { kind, id } = parseGlobalId(globalId, ['id']);
    return FIND[kind](id, context);
  }
}
