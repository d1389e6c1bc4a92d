import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { MAX_CAPTION_LENGTH, MAX_LOCATION_LENGTH, MAX_MEDIA_PER_POST, type Post } from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

/** What a field says of the hashtags of a text. */
export const describeHashtags = (text: string): string =>
  `The hashtags of the ${text} in the order of their first use, lower case and without #; at most 30.`;

@ObjectType('Post', {
  implements: () => [Node],
  description: `One to ${MAX_MEDIA_PER_POST} pictures with a caption. It is seen until its author deletes it, or is hidden.`,
})
export class PostType implements Omit<Post, 'id' | 'authorId' | 'mediaIds'> {
  @Field({ description: `What the author says about it, up to ${MAX_CAPTION_LENGTH} characters; may be empty.` })
  caption: string;

  @Field(() => [String], { description: describeHashtags('caption') })
  hashtags: string[];

  @Field(() => String, {
    nullable: true,
    description: `Where it was, in the words of the author, up to ${MAX_LOCATION_LENGTH} characters; null when they say nothing of it.`,
  })
  location: string | null;

  @Field({ description: 'True when nobody can comment; comments of before are still shown.' })
  commentsDisabled: boolean;

  @Field(() => Int, {
    description: 'Counts everybody who likes it, also those whose account is hidden now; the list leaves these out.',
  })
  likeCount: number;

  @Field(() => Int, {
    description: 'Counts all comments, also those of accounts that are hidden now; the list leaves these out.',
  })
  commentCount: number;

  @Field({ description: 'True when you like it; false without a session.' })
  viewerHasLiked: boolean;

  @Field(() => DateTime, { description: 'When it was published.' })
  createdAt: string;
}

@ObjectType({ description: 'What deletePost has deleted, and what that has changed.' })
export class DeletePostPayload {
  @Field(() => ID, { description: 'The id of the post, which is no longer there.' })
  id: string;
}

export const { Connection: PostConnection } = connectionTypes('Post', () => PostType);

@InputType({ description: 'A post to publish, now and for everybody.' })
export class CreatePostInput {
  @Field({ description: `What you say about it, up to ${MAX_CAPTION_LENGTH} characters; may be empty.` })
  caption: string;

  @Field(() => [ID], {
    description: `One to ${MAX_MEDIA_PER_POST} READY media of your own, each once, in the order in which they are shown. Media that are not READY are CONFLICT (MEDIA_NOT_READY), media of another post CONFLICT (MEDIA_IN_USE).`,
  })
  mediaIds: string[];

  @Field(() => String, {
    nullable: true,
    description: `Where it was, in your words: one line of up to ${MAX_LOCATION_LENGTH} characters.`,
  })
  location?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True lets nobody comment; false if left out.' })
  commentsDisabled?: boolean | null;
}
