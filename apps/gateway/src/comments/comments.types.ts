import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MAX_HASHTAGS, MAX_MENTIONS } from '@fowergram/contracts-core';
import {
  type Comment,
  CommentOrder as CommentOrderSchema,
  EDIT_WINDOW_MS,
  MAX_COMMENT_LENGTH,
} from '@fowergram/contracts-post';
import { connectionTypes, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

const CommentOrder = CommentOrderSchema.enum;
registerEnumType(CommentOrder, {
  name: 'CommentOrder',
  description: 'The order in which comments of a post are listed.',
  valuesMap: {
    NEWEST: { description: 'What was said last comes first.' },
    OLDEST: { description: 'What was said first comes first.' },
    TOP: {
      description:
        'Those with the most likes first. Likes go on while you read: a comment that overtakes others meanwhile may be left out or come twice, so show each id once.',
    },
  },
});

const EDIT_MINUTES = EDIT_WINDOW_MS / 60_000;

@ObjectType('Comment', {
  implements: () => [Node],
  description: 'What somebody said about a post. It is seen by whoever sees the post.',
})
export class CommentType implements Omit<Comment, 'id' | 'postId' | 'authorId' | 'parentId' | 'topId'> {
  @Field({
    description: `What was said, 1 to ${MAX_COMMENT_LENGTH} characters; empty once it is deleted.`,
  })
  text: string;

  @Field({
    description:
      'True when it was deleted and others have answered it: show in its place that it is gone, so that the conversation has no hole. Without answers it is not listed any more.',
  })
  isDeleted: boolean;

  @Field({
    description:
      'True when it has a word that you have muted: show in its place that it is hidden because of a muted word, so that the conversation has no hole.',
  })
  isMuted: boolean;

  @Field(() => Int, {
    description: 'Counts everybody who likes it, also whom you may not see now; the list leaves these out.',
  })
  likeCount: number;

  @Field({ description: 'True when you like it; false without a session.' })
  viewerHasLiked: boolean;

  @Field(() => Int, {
    description:
      'Counts the replies that hang under it, answers to replies among them, also those that you may not see now. A reply has none of its own.',
  })
  replyCount: number;

  @Field(() => DateTime, { description: 'When it was said.' })
  createdAt: string;

  @Field(() => DateTime, { nullable: true, description: 'When its author last changed it; null when never.' })
  editedAt: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why moderators have hidden it, for its author and for them; null while it is shown.',
  })
  hiddenReason?: string | undefined;
}

@ObjectType({ description: 'What deleteComment has deleted, and what that has changed.' })
export class DeleteCommentPayload {
  @Field(() => ID, { description: 'The id of the comment, which is no longer there.' })
  id: string;
}

export const { Connection: CommentConnection } = connectionTypes('Comment', () => CommentType);

@ArgsType()
export class CommentPageArgs extends TwoWayPageArgs {
  @Field(() => CommentOrder, { nullable: true, description: 'The order of the list; NEWEST if left out.' })
  order?: CommentOrderSchema | null;
}

@InputType({ description: 'A comment to write under a post.' })
export class CreateCommentInput {
  @Field(() => ID, {
    description:
      'The post that it is about. A post that you cannot see is NOT_FOUND; one with closed comments is FORBIDDEN (COMMENTS_DISABLED), as is one whose comments are for followers, for others (COMMENTS_FOR_FOLLOWERS).',
  })
  postId: string;

  @Field({
    description: `What you say, 1 to ${MAX_COMMENT_LENGTH} characters of which at least one can be seen, with at most ${MAX_HASHTAGS} different hashtags and ${MAX_MENTIONS} different mentions.`,
  })
  text: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The comment that it answers, of the same post. An answer to a reply hangs under the same comment as that reply. One that you cannot see is NOT_FOUND.',
  })
  parentId?: string | null;
}

/** What updateComment says of itself. */
export const UPDATE_DESCRIPTION = `Changes what you said, for ${EDIT_MINUTES} minutes after you said it; later it is CONFLICT (EDIT_WINDOW_OVER).`;
