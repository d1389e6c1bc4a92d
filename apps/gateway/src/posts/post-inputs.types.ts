import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { MAX_HASHTAGS, MAX_MENTIONS } from '@fowergram/contracts-core';
import { MAX_ALT_TEXT_LENGTH } from '@fowergram/contracts-media';
import {
  type Audience as PostAudience,
  type CommentPolicy as PostCommentPolicy,
  MAX_CAPTION_LENGTH,
  MAX_CONTENT_WARNING_LENGTH,
  MAX_LOCATION_LENGTH,
  MAX_MEDIA_PER_POST,
} from '@fowergram/contracts-post';
import { Audience } from './audience.types.js';
import { CommentPolicy, CONTRADICTION } from './comment-policy.types.js';

@InputType({ description: 'A post to publish now, or as soon as its pictures are READY.' })
export class CreatePostInput {
  @Field({
    description: `What you say about it, up to ${MAX_CAPTION_LENGTH} characters, ${MAX_HASHTAGS} different hashtags and ${MAX_MENTIONS} different mentions; may be empty.`,
  })
  caption: string;

  @Field(() => [ID], {
    description: `One to ${MAX_MEDIA_PER_POST} media of your own, each once, in the order in which they are shown. While some are PROCESSING the post is SCHEDULED, and is published when all are READY; media that were not sent or are REJECTED are CONFLICT (MEDIA_NOT_READY), media of another post CONFLICT (MEDIA_IN_USE).`,
  })
  mediaIds: string[];

  @Field(() => String, {
    nullable: true,
    description: `Where it was, in your words: one line of up to ${MAX_LOCATION_LENGTH} characters.`,
  })
  location?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True lets nobody comment; false if left out.' })
  commentsDisabled?: boolean | null;

  @Field(() => CommentPolicy, {
    nullable: true,
    description: `Who may comment; EVERYONE if left out and comments are not disabled. ${CONTRADICTION}`,
  })
  commentPolicy?: PostCommentPolicy | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True when not everybody wants to meet the pictures unasked; false if left out and there is no contentWarning.',
  })
  isSensitive?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `What to show in front of sensitive pictures: one line of up to ${MAX_CONTENT_WARNING_LENGTH} characters. It makes the post sensitive.`,
  })
  contentWarning?: string | null;

  @Field(() => Audience, { nullable: true, description: 'Who sees it besides you; PUBLIC if left out.' })
  audience?: PostAudience | null;
}

@InputType({ description: 'What a picture shows, for those who cannot see it.' })
export class AltTextInput {
  @Field(() => ID, { description: 'A picture of the post; any other is NOT_FOUND.' })
  mediaId: string;

  @Field(() => String, {
    nullable: true,
    description: `Up to ${MAX_ALT_TEXT_LENGTH} characters; null when nobody says.`,
  })
  altText?: string | null;
}

@InputType({ description: 'What to change of a post; what is left out stays.' })
export class UpdatePostInput {
  @Field(() => String, {
    nullable: true,
    description: `What you say about it now, up to ${MAX_CAPTION_LENGTH} characters. You alone can read what it said before (Post.history).`,
  })
  caption?: string | null;

  @Field(() => Audience, {
    nullable: true,
    description: 'Who sees it besides you, from the answer on: wider or narrower than before.',
  })
  audience?: PostAudience | null;

  @Field(() => String, {
    nullable: true,
    description: `Where it was: one line of up to ${MAX_LOCATION_LENGTH} characters; null removes it.`,
  })
  location?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True lets nobody comment from now on.' })
  commentsDisabled?: boolean | null;

  @Field(() => CommentPolicy, {
    nullable: true,
    description: `Who may comment from now on. ${CONTRADICTION}`,
  })
  commentPolicy?: PostCommentPolicy | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True when not everybody wants to meet the pictures unasked; false takes the contentWarning away, too.',
  })
  isSensitive?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `What to show in front of sensitive pictures: one line of up to ${MAX_CONTENT_WARNING_LENGTH} characters; null removes it.`,
  })
  contentWarning?: string | null;

  @Field(() => [AltTextInput], {
    nullable: true,
    description: 'What its pictures show; those that are left out stay as they are.',
  })
  altTexts?: AltTextInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The version that you have read: if it is another one by now, nothing is changed (CONFLICT, VERSION). Whatever it is, if left out.',
  })
  expectedVersion?: number | null;
}
