import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** The contract shapes are distinguished by a field that only one of them has. */
const MARKS = {
  username: 'User',
  variants: 'Media',
  caption: 'Post',
  text: 'Comment',
  recipientId: 'Notification',
  subjectKind: 'Report',
  name: 'Collection',
};

/** What the id of each type says of itself. */
export const ID_DESCRIPTION = 'Opaque, unique across all types, and the same for good: use it as the key of a cache.';

@InterfaceType('Node', {
  description: 'Anything that can be found by its id with node(id).',
  resolveType: (value: object) => Object.entries(MARKS).find(([mark]) => mark in value)?.[1],
})
export abstract class Node {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id: string;
}
