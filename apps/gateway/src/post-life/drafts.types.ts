import { Field, ID, InputType } from '@nestjs/graphql';
import {
  type Audience as PostAudience,
  type CommentPolicy as PostCommentPolicy,
  MAX_CAPTION_LENGTH,
  MAX_CONTENT_WARNING_LENGTH,
  MAX_LOCATION_LENGTH,
  MAX_MEDIA_PER_POST,
} from '@fowergram/contracts-post';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Audience } from '../posts/audience.types.js';
import { CommentPolicy, CONTRADICTION } from '../posts/comment-policy.types.js';

@InputType({
  description: 'A post that is not published yet, or what to change of one: what is left out stays as it is.',
})
export class SaveDraftInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The draft or scheduled post to change; a new draft is made if left out.',
  })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Up to ${MAX_CAPTION_LENGTH} characters; may be empty.` })
  caption?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Up to ${MAX_MEDIA_PER_POST} media of your own in their order, READY or still PROCESSING; none yet is fine. Media of another post are CONFLICT (MEDIA_IN_USE).`,
  })
  mediaIds?: string[] | null;

  @Field(() => Audience, { nullable: true, description: 'Who will see it besides you; PUBLIC at first.' })
  audience?: PostAudience | null;

  @Field(() => String, {
    nullable: true,
    description: `Where it was: one line of up to ${MAX_LOCATION_LENGTH} characters; null removes it.`,
  })
  location?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True lets nobody comment.' })
  commentsDisabled?: boolean | null;

  @Field(() => CommentPolicy, {
    nullable: true,
    description: `Who may comment; EVERYONE at first. ${CONTRADICTION}`,
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

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it is published by itself, from now to a year ahead: it has to have media then. Null takes the time back.',
  })
  publishAt?: string | null;
}
