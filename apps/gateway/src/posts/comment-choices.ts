import type { CreatePostInput } from './post-inputs.types.js';

/** Who may comment, as an input says it: what is null is left out. */
export const commentChoices = ({
  commentsDisabled,
  commentPolicy,
}: Pick<CreatePostInput, 'commentsDisabled' | 'commentPolicy'>) => ({
  commentsDisabled: commentsDisabled ?? undefined,
  commentPolicy: commentPolicy ?? undefined,
});
