import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Post } from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

@ObjectType('Post', { implements: () => [Node], description: 'One to ten media with a caption.' })
export class PostType implements Omit<Post, 'id' | 'authorId' | 'mediaIds'> {
  @Field({ description: 'Up to 2200 characters.' })
  caption: string;

  @Field(() => [String], { description: 'The hashtags of the caption, lower case and without #.' })
  hashtags: string[];

  @Field(() => String, { nullable: true })
  location: string | null;

  @Field()
  commentsDisabled: boolean;

  @Field(() => Int, {
    description: 'Counts everybody who likes it, also those whose account is hidden now; the list leaves these out.',
  })
  likeCount: number;

  @Field(() => Int, {
    description: 'Counts all comments, also those of accounts that are hidden now; the list leaves these out.',
  })
  commentCount: number;

  @Field({ description: 'False without a session.' })
  viewerHasLiked: boolean;

  @Field(() => DateTime)
  createdAt: string;
}

export const { Connection: PostConnection } = connectionTypes('Post', () => PostType);

@InputType()
export class CreatePostInput {
  @Field({ description: 'Up to 2200 characters; may be empty.' })
  caption: string;

  @Field(() => [ID], { description: 'One to ten READY media of your own, in the order in which they are shown.' })
  mediaIds: string[];

  @Field(() => String, { nullable: true, description: 'Up to 200 characters.' })
  location?: string | null;

  @Field(() => Boolean, { nullable: true })
  commentsDisabled?: boolean | null;
}
