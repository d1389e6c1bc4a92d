import { ArgsType, Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Hashtag, MAX_TRENDING_HASHTAGS, PostOrder as PostOrderSchema } from '@fowergram/contracts-post';
import { PageArgs } from '../api/schema/connection.types.js';

export const PostOrder = PostOrderSchema.enum;
registerEnumType(PostOrder, {
  name: 'PostOrder',
  description: 'Which of the posts in a list come first.',
  valuesMap: {
    RECENT: { description: 'Newest first.' },
    POPULAR: {
      description:
        'Hot ones first: three likes count as much as being six hours younger, and so does each doubling of them. A like that is taken back makes no post colder.',
    },
  },
});

/** A hashtag is its canonical name. */
export type Named = Pick<Hashtag, 'name'>;

@ObjectType('Hashtag', {
  description:
    'What a # marks in captions, comments and bios, used or not. Posts with it are found that are for everybody and not hidden by moderators.',
})
export class HashtagType implements Named {
  @Field({
    description: 'Without #, in lower case; hashtags that differ only in case, width or accents’ form are one.',
  })
  name: string;
}

@ArgsType()
export class HashtagPostsArgs extends PageArgs {
  @Field(() => PostOrder, { nullable: true, description: 'In which order; RECENT if left out.' })
  order?: keyof typeof PostOrder | null;
}

@ArgsType()
export class TrendingArgs {
  @Field(() => Int, { nullable: true, description: `How many: 0 to ${MAX_TRENDING_HASHTAGS}, 10 if left out.` })
  first?: number | null;
}
