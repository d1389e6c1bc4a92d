import { idPattern } from '../../api/schema/global-id.js';
import type { JsonSchema } from './json-schema.js';

type Kinds = NonNullable<Parameters<typeof idPattern>[0]>;

/** What the arguments and fields of the schema lead to that take an id. */
const BY_NAME: Record<string, Kinds> = {
  postId: ['post'],
  userId: ['user'],
  commentId: ['comment'],
  parentId: ['comment'],
  mediaId: ['media'],
  mediaIds: ['media'],
  avatarMediaId: ['media'],
  collectionId: ['collection'],
  subjectId: ['user', 'post', 'comment'],
  upTo: ['notification'],
};

/** What stands behind these parts of a path, where the argument is just `id`. */
const BY_PATH: Record<string, Kinds> = {
  posts: ['post'],
  drafts: ['post'],
  comments: ['comment'],
  collections: ['collection'],
  'muted-words': ['muted-word'],
};

const ID = { type: 'string', minLength: 1, maxLength: 200 };
const withPattern = (kinds: Kinds | undefined): JsonSchema =>
  kinds === undefined ? ID : { ...ID, pattern: idPattern(kinds) };

/** An id in an argument or field of this name. */
export const idSchema = (name: string): JsonSchema => withPattern(BY_NAME[name]);

/** The id in a path, which an argument of this name takes; what only looks for a thing takes the id of any. */
export function idInPath(path: string, argument: string, isOfAnything: boolean): JsonSchema {
  if (isOfAnything) return { ...ID, pattern: idPattern() };
  const [, part = ''] = /([\w-]+)\/\{id\}/.exec(path) ?? [];
  return withPattern(BY_NAME[argument] ?? BY_PATH[part]);
}
