import { Field, ObjectType } from '@nestjs/graphql';
import { type Collection, MAX_COLLECTION_NAME_LENGTH, MAX_COLLECTIONS } from '@fowergram/contracts-post';
import { connectionTypes } from '../api/schema/connection.types.js';
import { Node } from '../api/schema/node.types.js';

@ObjectType('Collection', {
  implements: () => [Node],
  description: `A named part of what you have saved, of which you can have ${MAX_COLLECTIONS}. Nobody else sees it.`,
})
export class CollectionType implements Pick<Collection, 'name'> {
  @Field({ description: `What you call it: one line of up to ${MAX_COLLECTION_NAME_LENGTH} characters.` })
  name: string;
}

export const { Connection: CollectionConnection } = connectionTypes('Collection', () => CollectionType);
