import { z } from 'zod';
import { entitiesOf, Text } from '@fowergram/contracts-core';

export const MAX_FOLLOWED_HASHTAGS = 50;
export const MAX_TRENDING_HASHTAGS = 50;
/** Longer than any hashtag: its canonical spelling may be shorter than what is written. */
const MAX_NAME_LENGTH = 200;
const SIGN = /^[#\uff03\ufe5f]/;

/** A hashtag as somebody writes it, with or without its sign, which is read as captions are: one hashtag has many spellings. */
export const HashtagName = Text.trim()
  .max(MAX_NAME_LENGTH, { error: 'This is not a hashtag.' })
  .transform((text, context) => {
    const name = hashtagNamed(text.replace(SIGN, ''));
    if (name === undefined) context.addIssue({ code: 'custom', message: 'This is not a hashtag.' });
    return name ?? z.NEVER;
  });

/** The canonical name; undefined for a text of which a caption would make something else than this one hashtag. */
function hashtagNamed(text: string): string | undefined {
  const written = `#${text}`;
  const [entity] = entitiesOf(written);
  return entity?.kind === 'hashtag' && entity.start === 0 && entity.end === written.length ? entity.name : undefined;
}

export const HashtagInput = z.object({ name: HashtagName });

/** A hashtag as a viewer sees it. */
export const Hashtag = z.object({
  name: z.string(),
  /** The posts with it that are listed: published, for everybody, and not hidden by moderators. */
  postCount: z.number().int(),
  viewerFollows: z.boolean(),
});
export type Hashtag = z.output<typeof Hashtag>;

/** The order of a list of posts: by time, or by time and likes together. */
export const PostOrder = z.enum(['RECENT', 'POPULAR']);
export type PostOrder = z.output<typeof PostOrder>;
