import { z } from 'zod';
import { Id, idList, MAX_MENTIONS, MAX_USERNAME_LENGTH, query } from '@fowergram/contracts-core';

/** A username as a text has it, in lower case, and whom it named when the text was written: a rename changes nothing about it. */
export const Mention = z.object({ name: z.string(), userId: Id });
export type Mention = z.output<typeof Mention>;

export const BioMentions = z.object({ userId: Id, mentions: z.array(Mention) });
export type BioMentions = z.output<typeof BioMentions>;

export const mentionRpc = {
  /** Whom these usernames name now; without those who are not ACTIVE, and those who block the writer. */
  resolve: query('user.mention.resolve', {
    input: z.object({ writerId: Id, names: z.array(z.string().max(MAX_USERNAME_LENGTH)).max(MAX_MENTIONS) }),
    output: z.array(Mention),
  }),
  /** Whom the bios of these users mention; of one that mentions nobody, nothing. */
  ofBios: query('user.mention.of-bios', { input: z.object({ ids: idList(200) }), output: z.array(BioMentions) }),
};
