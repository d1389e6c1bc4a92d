import { Args, Context, ID, Info, Mutation, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { badInput, notFound } from '@fowergram/contracts-core';
import { type Comment, moderationRpc, type Post } from '@fowergram/contracts-post';
import { ContentKind, MAX_REASON_LENGTH, reportRpc } from '@fowergram/contracts-user';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ModeratorId } from '../api/context/viewer.decorator.js';
import { parseGlobalId } from '../api/schema/global-id.js';
import { Node } from '../api/schema/node.types.js';
import { lookUpComment, lookUpPost } from '../posts/look-up-content.js';
import { requireInForce } from '../visibility/put-into-force.js';

const REASON = `Why, in 1 to ${MAX_REASON_LENGTH} characters;`;

/** The user service decides who may hide what; here only those pass who may do something at all. */
@Resolver()
export class ContentModerationResolver {
  @Mutation(() => Node, {
    description:
      'For moderators: hides a post or comment from everybody but its author, who reads why, and moderators. It answers the post or comment.',
  })
  hideContent(
    @ModeratorId() moderatorId: string,
    @Args('subjectId', { type: () => ID, description: 'A post or comment that you see; any other is NOT_FOUND.' })
    subjectId: string,
    @Args('reason', { description: `${REASON} the author reads it.` }) reason: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post | Comment> {
    return moderate({ moderatorId, subjectId, reason, hidden: true }, context, info);
  }

  @Mutation(() => Node, {
    description: 'For moderators: shows a post or comment again that was hidden. It answers the post or comment.',
  })
  restoreContent(
    @ModeratorId() moderatorId: string,
    @Args('subjectId', { type: () => ID, description: 'A post or comment that is hidden.' }) subjectId: string,
    @Args('reason', { description: `${REASON} other moderators read it.` }) reason: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post | Comment> {
    return moderate({ moderatorId, subjectId, reason, hidden: false }, context, info);
  }
}

interface Moderation {
  moderatorId: string;
  subjectId: string;
  reason: string;
  hidden: boolean;
}

async function moderate(
  { subjectId, ...decision }: Moderation,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<Post | Comment> {
  const { kind, id } = parseContentId(subjectId);
  const { authorId } = await getContent(kind, id, context);
  const input = { ...decision, kind, contentId: id, ownerId: authorId };
  const content = await context.command(info, reportRpc.moderateContent, input, atSubject);
  await requireInForce(context.ask(moderationRpc.apply, content));
  return getContent(kind, id, context);
}

const atSubject = renamed({ contentId: 'subjectId', ownerId: 'subjectId', userId: 'subjectId', kind: 'subjectId' });

function parseContentId(value: string): { kind: ContentKind; id: string } {
  const { kind, id } = parseGlobalId(value, ['subjectId']);
  const parsed = ContentKind.safeParse(kind);
  if (!parsed.success) throw badInput(['subjectId'], 'Only posts and comments can be hidden.');
  return { kind: parsed.data, id };
}

async function getContent(kind: ContentKind, id: string, context: RequestContext): Promise<Post | Comment> {
  const content = await (kind === 'post' ? lookUpPost(id, context) : lookUpComment(id, context));
  if (!content) throw notFound(kind, ['subjectId']);
  return content;
}
