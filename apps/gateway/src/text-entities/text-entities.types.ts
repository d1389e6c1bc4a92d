import { Field, Int, ObjectType } from '@nestjs/graphql';
import { HashtagType, type Named } from '../hashtags/hashtags.types.js';

/** So many of one text are shown; it may repeat few names very often. */
export const MAX_ENTITIES = 100;

/** What the entities of a text are, in words. */
export const describeEntities = (text: string): string =>
  `The hashtags and mentions of the ${text}, with where they stand, in their order: the first ${MAX_ENTITIES}.`;

/** A hashtag, or the mention of somebody, who may be nobody that is known. */
export interface Entity {
  start: number;
  end: number;
  hashtag: Named | null;
  userId: string | null;
}

@ObjectType({
  description: 'A part of a text that leads somewhere: a hashtag, or the mention of a user.',
})
export class CaptionEntity implements Pick<Entity, 'start' | 'end' | 'hashtag'> {
  @Field(() => Int, {
    description:
      'Where it begins, with its sign: the number of UTF-16 units before it, as strings of JavaScript count.',
  })
  start: number;

  @Field(() => Int, { description: 'Where it ends: the number of UTF-16 units of the text up to its end.' })
  end: number;

  @Field(() => HashtagType, { nullable: true, description: 'The hashtag; null for a mention.' })
  hashtag: Named | null;
}
