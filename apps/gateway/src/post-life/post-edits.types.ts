import { Field, ObjectType } from '@nestjs/graphql';
import type { PostEdit as PostEditModel } from '@fowergram/contracts-post';
import { DateTime } from '../api/schema/date-time.scalar.js';

@ObjectType({ description: 'What a post said before an edit.' })
export class PostEdit implements PostEditModel {
  @Field({ description: 'What the post said until then.' })
  caption: string;

  @Field(() => DateTime, { description: 'When another one took its place.' })
  editedAt: string;
}
