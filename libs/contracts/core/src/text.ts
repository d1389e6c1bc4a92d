import { z } from 'zod';

/** Free text that every store can hold: no NUL character and no half of a surrogate pair. */
export const Text = z.string().refine((text) => !text.includes('\0') && text.isWellFormed(), {
  error: 'The text has characters that cannot be stored.',
});

/** Trimmed free text of at most `max` UTF-16 units; `what` begins the message. */
export const textUpTo = (max: number, what: string) =>
  Text.trim().max(max, { error: `${what} has at most ${max} characters.` });
