import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  MAX_CAPTION_LENGTH,
  MAX_CONTENT_WARNING_LENGTH,
  MAX_LOCATION_LENGTH,
  MAX_MEDIA_PER_POST,
  type Post,
} from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';
import { Audience } from './audience.types.js';
import { CommentPolicy } from './comment-policy.types.js';
import { PostState, PublishProblem } from './post-state.types.js';

/** What a field says of the hashtags of a text. */
export const describeHashtags = (text: string): string =>
  `The hashtags of the ${text} in the order of their first use, lower case and without #; at most 30.`;

@ObjectType('Post', {
  implements: () => [Node],
  description: `One to ${MAX_MEDIA_PER_POST} pictures with a caption. Its audience sees it while it is PUBLISHED, and its author is not hidden.`,
})
export class PostType implements Omit<Post, 'id' | 'authorId' | 'mediaIds' | 'saveCount' | 'repostOf' | 'coAuthorIds'> {
  @Field({
    description:
      'What a link to it is made of, for postByCode: 11 letters, digits, - and _. It says nothing of when the post was made.',
  })
  code: string;

  @Field({ description: `What the author says about it, up to ${MAX_CAPTION_LENGTH} characters; may be empty.` })
  caption: string;

  @Field(() => [String], { description: describeHashtags('caption') })
  hashtags: string[];

  @Field(() => String, {
    nullable: true,
    description: `Where it was, in the words of the author, up to ${MAX_LOCATION_LENGTH} characters; null when they say nothing of it.`,
  })
  location: string | null;

  @Field({
    description: 'True when nobody can comment, which is the commentPolicy NOBODY; comments of before are still shown.',
  })
  commentsDisabled: boolean;

  @Field(() => CommentPolicy, { description: 'Who may comment it, of those who see it.' })
  commentPolicy: Post['commentPolicy'];

  @Field({ description: 'True when its author says that not everybody wants to meet the pictures unasked.' })
  isSensitive: boolean;

  @Field(() => String, {
    nullable: true,
    description: `What to show in front of sensitive pictures, up to ${MAX_CONTENT_WARNING_LENGTH} characters; null when there are no words for it.`,
  })
  contentWarning: string | null;

  @Field(() => Audience, { description: 'Who sees it besides its author.' })
  audience: Post['audience'];

  @Field(() => PostState, { description: 'How far it has come: others than its author see it while it is PUBLISHED.' })
  state: Post['state'];

  @Field(() => Int, {
    description: 'Grows with every change by its author; updatePost takes it as expectedVersion, against lost updates.',
  })
  version: number;

  @Field(() => Int, {
    description:
      'Counts everybody who likes it, also whom you may not see now, such as a hidden or blocked account; the list leaves these out.',
  })
  likeCount: number;

  @Field(() => Int, {
    description:
      'Counts all comments, also those that you may not see now, such as of a hidden or blocked account; the list leaves these out.',
  })
  commentCount: number;

  @Field(() => Int, {
    description: 'Counts everybody who has passed it on, also whom you may not see now; 0 for a repost.',
  })
  repostCount: number;

  @Field({ description: 'True when you like it; false without a session.' })
  viewerHasLiked: boolean;

  @Field(() => DateTime, { description: 'When it was published; until then when it was made.' })
  createdAt: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its author last changed what it shows; null when never.',
  })
  editedAt: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it will be published; null unless it is SCHEDULED.' })
  publishAt: string | null;

  @Field(() => PublishProblem, {
    nullable: true,
    description: 'Why its publication was given up, for its author; null in any other case.',
  })
  publishProblem?: Post['publishProblem'];

  @Field(() => String, {
    nullable: true,
    description: 'Why moderators have hidden it, for its author and for them; null while it is shown.',
  })
  hiddenReason?: string | undefined;
}

@ObjectType({ description: 'What deletePost has deleted, and what that has changed.' })
export class DeletePostPayload {
  @Field(() => ID, { description: 'The id of the post, which is no longer there.' })
  id: string;
}

export const { Connection: PostConnection } = connectionTypes('Post', () => PostType);
