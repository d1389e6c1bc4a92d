import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Comment } from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

@ObjectType('Comment', { implements: () => [Node], description: 'What somebody said about a post.' })
export class CommentType implements Pick<Comment, 'text' | 'createdAt'> {
  @Field()
  text: string;

  @Field(() => DateTime)
  createdAt: string;
}

export const { Connection: CommentConnection } = connectionTypes('Comment', () => CommentType);

@InputType()
export class CreateCommentInput {
  @Field(() => ID)
  postId: string;

  @Field({ description: '1 to 2200 characters.' })
  text: string;
}
