import { z } from 'zod';
import { foldForMuting, Id, isVisible, Text, Timestamp, toOneLine, VISIBLE_PATTERN } from '@fowergram/contracts-core';

export const MAX_MUTED_WORDS = 100;
export const MAX_MUTED_WORD_LENGTH = 100;

/** A word, a phrase of one line, or a hashtag with its number sign, of which something can be seen. */
export const MutedWordText = Text.overwrite(toOneLine)
  .trim()
  .max(MAX_MUTED_WORD_LENGTH, { error: `A muted word has at most ${MAX_MUTED_WORD_LENGTH} characters.` })
  .refine((text) => isVisible(text) && foldForMuting(text) !== '', {
    error: 'A muted word needs something that can be seen.',
  })
  .meta({ pattern: VISIBLE_PATTERN });

export const MutedWord = z.object({ id: Id, text: z.string(), expiresAt: Timestamp.nullable() });
export type MutedWord = z.output<typeof MutedWord>;

/** All words that a user has muted: a register, whose highest `version` wins. */
export const MutedWordList = z.object({
  userId: Id,
  version: z.number().int(),
  words: z.array(MutedWord.omit({ id: true })).max(MAX_MUTED_WORDS),
});
export type MutedWordList = z.output<typeof MutedWordList>;
