import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'What declineCoAuthorship has ended.' })
export class DeclineCoAuthorshipPayload {
  @Field(() => ID, { description: 'The id of the post that is not yours, or not yours any more.' })
  postId: string;
}
