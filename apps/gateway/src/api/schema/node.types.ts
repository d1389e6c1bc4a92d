import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** The contract shapes are distinguished by a field that only one of them has. */
const MARKS = { username: 'User', variants: 'Media', caption: 'Post', text: 'Comment', recipientId: 'Notification' };

@InterfaceType('Node', {
  description: 'Anything that has an id. Ids are opaque and unique across all types.',
  resolveType: (value: object) => Object.entries(MARKS).find(([mark]) => mark in value)?.[1],
})
export abstract class Node {
  @Field(() => ID)
  id: string;
}
