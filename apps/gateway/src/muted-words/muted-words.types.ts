import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { MAX_MUTED_WORD_LENGTH, type MutedWord } from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';

@ObjectType('MutedWord', {
  description: 'A word, a phrase or a hashtag that you do not want to meet. Nobody else learns of it.',
})
export class MutedWordType implements MutedWord {
  @Field(() => ID, { description: 'Names the word for removeMutedWord; node(id) does not find it.' })
  id: string;

  @Field({ description: 'The word as you wrote it.' })
  text: string;

  @Field(() => DateTime, { nullable: true, description: 'When the mute ends by itself; null when it does not.' })
  expiresAt: string | null;
}

@InputType({ description: 'What you do not want to meet, and until when.' })
export class AddMutedWordInput {
  @Field({
    description: `A word, a phrase of one line, or a hashtag with its #, of up to ${MAX_MUTED_WORD_LENGTH} characters. Words count as whole words in whatever case; in scripts without spaces they count wherever they stand.`,
  })
  text: string;

  @Field(() => DateTime, { nullable: true, description: 'When the mute ends, in the future; never if left out.' })
  expiresAt?: string | null;
}
