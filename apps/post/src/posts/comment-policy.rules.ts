import { badInput } from '@fowergram/contracts-core';
import type { CommentPolicy } from '@fowergram/contracts-post';

interface Given {
  commentsDisabled?: boolean | undefined;
  commentPolicy?: CommentPolicy | undefined;
}

/** Who may comment a post by what its author says; one of the two is enough, and they may not contradict each other. */
export function commentPolicyOf(
  { commentsDisabled, commentPolicy }: Given,
  before: CommentPolicy = 'EVERYONE',
): CommentPolicy {
  if (commentPolicy === undefined) return policyOfSwitch(commentsDisabled, before);
  if (commentsDisabled !== undefined && commentsDisabled !== (commentPolicy === 'NOBODY'))
    throw badInput(['commentsDisabled'], `Comments are for ${commentPolicy}, or turned off: say one of the two.`);
  return commentPolicy;
}

/** Comments that were for followers stay so where they are not turned off. */
function policyOfSwitch(isDisabled: boolean | undefined, before: CommentPolicy): CommentPolicy {
  if (isDisabled) return 'NOBODY';
  return isDisabled === false && before === 'NOBODY' ? 'EVERYONE' : before;
}

/** An SQL expression: who may comment this post. */
export const commentPolicyIn = (post: string): string =>
  `case when ${post}.comments_disabled then 'NOBODY' when ${post}.comments_for_followers then 'FOLLOWERS' else 'EVERYONE' end`;
