import { z } from 'zod';
import { excessOf, MAX_HASHTAGS, MAX_MENTIONS } from './text-entities/text-entities.js';

/** Free text that every store can hold: no NUL character and no half of a surrogate pair. */
export const Text = z
  .string()
  .refine((text) => !text.includes('\0') && text.isWellFormed(), {
    error: 'The text has characters that cannot be stored.',
  })
  .meta({ pattern: '^[^\\u0000]*$' });

/** What JSON Schema can say of a text of which something is seen: it has more than spaces and control characters. */
export const VISIBLE_PATTERN = '^[^\\u0000]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000]*$';

/** Two empty lines in a row are a pause, more of them push the texts of others off the screen. */
const MAX_EMPTY_LINES = 2;
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
const GAP = /[\s\p{Cc}]+/gu;
/** Marks that turn the direction of text, also of what stands behind a name. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Everything but spaces, control and format characters, marks without a letter, and what is drawn as nothing. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Says whether a reader sees anything of a text. */
export const isVisible = (text: string): boolean => VISIBLE.test(text);

/** Ends lines in one way, and leaves at most two in a row on which nothing is seen. */
export function unifyLines(text: string): string {
  let emptyLines = 0;
  const lines = text.split(LINE_END).map((line) => (isVisible(line) ? line : ''));
  return lines.filter((line) => (emptyLines = line === '' ? emptyLines + 1 : 0) <= MAX_EMPTY_LINES).join('\n');
}

/** Makes one line of a text, without control characters and without marks that turn its direction. */
export const toOneLine = (text: string): string => text.replace(DIRECTION, '').replace(GAP, ' ');

/** Trimmed free text of at most `max` UTF-16 units; `what` begins the message. */
export const textUpTo = (max: number, what: string) =>
  Text.overwrite(unifyLines)
    .trim()
    .max(max, { error: `${what} has at most ${max} characters.` });

/** Free text of which something must be seen. */
export const visibleTextUpTo = (max: number, what: string) =>
  textUpTo(max, what)
    .refine(isVisible, { error: `${what} needs something that can be seen.` })
    .meta({ pattern: VISIBLE_PATTERN });

/** The same text with a bound on what it makes of itself: 30 different hashtags, and as many mentions. */
export const withFewEntities = (text: z.ZodString, what: string) =>
  text.check(({ value, issues }) => {
    const excess = issues.length === 0 ? excessOf(value) : undefined;
    const max = excess === 'hashtags' ? MAX_HASHTAGS : MAX_MENTIONS;
    if (excess)
      issues.push({ code: 'custom', message: `${what} has at most ${max} different ${excess}.`, input: value });
  });

/** One line that names somebody or something; it may be empty, and is not where nothing of it is seen. */
export const nameUpTo = (max: number, what: string) =>
  Text.overwrite(toOneLine)
    .trim()
    .max(max, { error: `${what} has at most ${max} characters.` })
    .refine((name) => name === '' || isVisible(name), { error: `${what} needs something that can be seen.` });

/** One line that names something, of which something must be seen. */
export const visibleNameUpTo = (max: number, what: string) =>
  nameUpTo(max, what)
    .refine(isVisible, { error: `${what} needs something that can be seen.` })
    .meta({ pattern: VISIBLE_PATTERN });
