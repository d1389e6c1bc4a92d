import { Field, Float, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type PersonTag, TagState as TagStateSchema } from '@fowergram/contracts-post';

export const TagState = TagStateSchema.enum;
registerEnumType(TagState, {
  name: 'TagState',
  description: 'How it stands with a tag.',
  valuesMap: {
    PENDING: { description: 'The tagged user is asked; nobody is shown it yet.' },
    APPROVED: { description: 'The tag is shown to whoever sees the post.' },
    REMOVED: { description: 'The tagged user has removed themselves, and is not tagged there again.' },
  },
});

@ObjectType('PersonTag', { description: 'Somebody in a picture.' })
export class PersonTagType implements Pick<PersonTag, 'x' | 'y'> {
  @Field(() => Float, { description: 'How far from the left edge of the picture: 0 to 1, its width being 1.' })
  x: number;

  @Field(() => Float, { description: 'How far from the upper edge of the picture: 0 to 1, its height being 1.' })
  y: number;
}

@InputType({ description: 'Somebody in a picture.' })
export class PersonTagInput {
  @Field(() => ID, { description: 'A picture of the post; any other is BAD_USER_INPUT.' })
  mediaId: string;

  @Field(() => ID, { description: 'Who is there; somebody whom you cannot see is NOT_FOUND.' })
  userId: string;

  @Field(() => Float, { description: 'How far from the left edge of the picture: 0 to 1, its width being 1.' })
  x: number;

  @Field(() => Float, { description: 'How far from the upper edge of the picture: 0 to 1, its height being 1.' })
  y: number;
}

@ObjectType({ description: 'Where removeTag has removed you.' })
export class RemoveTagPayload {
  @Field(() => ID, { description: 'The id of the post whose pictures name you no more.' })
  postId: string;
}
