import { ID, ResolveField, Resolver } from '@nestjs/graphql';
import { hashtagId } from '@fowergram/contracts-core';
import { globalId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { type Hashtag, HashtagType } from './hashtags.types.js';

@Resolver(() => HashtagType)
export class HashtagsResolver {
  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id({ name }: Hashtag): string {
    return globalId('hashtag', hashtagId(name));
  }
}
