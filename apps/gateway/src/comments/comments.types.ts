import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { MAX_HASHTAGS, MAX_MENTIONS } from '@fowergram/contracts-core';
import { type Comment, MAX_COMMENT_LENGTH } from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

@ObjectType('Comment', {
  implements: () => [Node],
  description: 'What somebody said about a post. It is seen by whoever sees the post.',
})
export class CommentType implements Pick<Comment, 'text' | 'isMuted' | 'createdAt'> {
  @Field({ description: `What was said, 1 to ${MAX_COMMENT_LENGTH} characters.` })
  text: string;

  @Field({
    description:
      'True when it has a word that you have muted: show in its place that it is hidden because of a muted word, so that the conversation has no hole.',
  })
  isMuted: boolean;

  @Field(() => DateTime, { description: 'When it was said.' })
  createdAt: string;

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

@InputType({ description: 'A comment to write under a post.' })
export class CreateCommentInput {
  @Field(() => ID, {
    description:
      'The post that it is about. A post that you cannot see is NOT_FOUND; one with closed comments is FORBIDDEN (COMMENTS_DISABLED).',
  })
  postId: string;

  @Field({
    description: `What you say, 1 to ${MAX_COMMENT_LENGTH} characters of which at least one can be seen, with at most ${MAX_HASHTAGS} different hashtags and ${MAX_MENTIONS} different mentions.`,
  })
  text: string;
}
