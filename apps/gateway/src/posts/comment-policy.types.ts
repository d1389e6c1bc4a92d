import { registerEnumType } from '@nestjs/graphql';
import { CommentPolicy as CommentPolicySchema } from '@fowergram/contracts-post';

export const CommentPolicy = CommentPolicySchema.enum;
registerEnumType(CommentPolicy, {
  name: 'CommentPolicy',
  description: 'Who may comment a post, of those who see it. Comments of before stay.',
  valuesMap: {
    EVERYONE: { description: 'Whoever sees the post.' },
    FOLLOWERS: { description: 'Who follows the author, and the author.' },
    NOBODY: { description: 'Nobody, not even the author.' },
  },
});

/** What each input says of the policy beside commentsDisabled. */
export const CONTRADICTION = 'Beside a commentsDisabled that says something else it is BAD_USER_INPUT.';
