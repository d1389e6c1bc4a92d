import { Field, ObjectType } from '@nestjs/graphql';

/** A hashtag is its canonical name. */
export interface Hashtag {
  name: string;
}

@ObjectType('Hashtag', { description: 'What a # marks in captions, comments and bios.' })
export class HashtagType implements Hashtag {
  @Field({
    description: 'Without #, in lower case; hashtags that differ only in case, width or accents’ form are one.',
  })
  name: string;
}
