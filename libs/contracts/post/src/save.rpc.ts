import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { Post } from './post.models.js';
import { Collection, CollectionName } from './save.models.js';

const Save = { input: z.object({ postId: Id, userId: Id, collectionId: Id.nullish() }), output: Post };
const Owner = z.object({ userId: Id });

/** What users keep for themselves; of everything in here `userId` is theirs. */
export const saveRpc = {
  /** Saves a post that the user may see, and puts it into a collection of theirs where one is named; again is harmless. */
  save: command('post.save.add', Save),
  /** Takes a post out of the collection that is named; where none is, out of all of them and of what is saved. Again is harmless. */
  unsave: command('post.save.remove', Save),
  /** Latest save first. */
  savedPosts: query('post.save.list', { input: PageInput.extend(Owner.shape), output: pageOf(Post) }),
  /** Those of the posts that the user has saved. */
  savedAmong: query('post.save.among', {
    input: Owner.extend({ ids: idList(200) }),
    output: z.array(z.object({ id: Id })),
  }),
};

export const collectionRpc = {
  create: command('post.collection.create', { input: Owner.extend({ name: CollectionName }), output: Collection }),
  /** Anybody else's collection is NOT_FOUND. */
  rename: command('post.collection.rename', {
    input: Owner.extend({ id: Id, name: CollectionName }),
    output: Collection,
  }),
  /** What was in it stays saved. Where the user has no such collection, nothing happens. */
  delete: command('post.collection.delete', { input: Owner.extend({ id: Id }), output: z.object({}) }),
  /** Newest first. */
  list: query('post.collection.list', { input: PageInput.extend(Owner.shape), output: pageOf(Collection) }),
  byIds: query('post.collection.by-ids', {
    input: Owner.extend({ ids: idList(200) }),
    output: z.array(Collection),
  }),
  /** How much was put into collections, also what the user may not see now. */
  postCounts: query('post.collection.post-counts', {
    input: Owner.extend({ ids: idList(200) }),
    output: z.array(z.object({ id: Id, postCount: z.number() })),
  }),
  /** What was put into a collection last comes first. */
  posts: query('post.collection.posts', {
    input: PageInput.extend(Owner.shape).extend({ collectionId: Id }),
    output: pageOf(Post),
  }),
};
