import { z } from 'zod';
import { Id, idList, query } from '@fowergram/contracts-core';
import { Mention } from '@fowergram/contracts-user';

export const ContentMentions = z.object({ contentId: Id, mentions: z.array(Mention) });
export type ContentMentions = z.output<typeof ContentMentions>;

export const contentMentionRpc = {
  /** Whom these posts and comments, which the caller was given, mention; of one that mentions nobody, nothing. */
  ofContents: query('post.mention.of-contents', {
    input: z.object({ ids: idList(200) }),
    output: z.array(ContentMentions),
  }),
};
