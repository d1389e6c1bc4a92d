import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const deletePost = (stage: Stage) => (id: string) =>
  stage.write('post', `update post set state = 'DELETED', deleted_at = now() where id = $1`, [id]);

/** The viewer's own posts are in their feed whatever is cached. */
async function homeFeed(stage: Stage): Promise<OpenList> {
  return { add: (at) => stage.post(stage.viewerId, at), remove: deletePost(stage) };
}

async function postsOfUser(stage: Stage): Promise<OpenList> {
  const author = await stage.user();
  return {
    ownerId: `user_${author}`,
    add: (at) => stage.post(author, at),
    remove: deletePost(stage),
    addUnseen: (count) => stage.write('post', POSTS_OF_FRIENDS, [author, count]),
  };
}

const POSTS_OF_FRIENDS = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at, audience)
  select gen_random_uuid(), $1, '', '{}', '{}', false, gen_random_uuid(), now(), 'CLOSE_FRIENDS' from generate_series(1, $2::integer)`;

const REPOSTS = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at, repost_of)
  select gen_random_uuid(), $1, '', '{}', '{}', false, gen_random_uuid(), now(), id from unnest($2::uuid[]) id`;

async function repostsOfUser(stage: Stage): Promise<OpenList> {
  const [author, friend] = [await stage.user(), await stage.user()];
  return {
    ownerId: `user_${friend}`,
    add: async (at) => {
      const id = await stage.post(friend, at);
      await stage.write('post', 'update post set repost_of = $2 where id = $1', [id, await stage.post(author)]);
      return id;
    },
    remove: deletePost(stage),
    addUnseen: async (count) => stage.write('post', REPOSTS, [friend, await stage.unseenPosts(count)]),
  };
}

/** What nobody sees stands before all in every order: it is older, or newer, and more liked. */
const comments =
  (unseenAt: Date) =>
  async (stage: Stage): Promise<OpenList> => {
    const post = await stage.post(await stage.user());
    const add = async (authorId: string, at: Date): Promise<string> => {
      const id = randomUUID();
      await stage.write('post', COMMENT, [id, post, authorId, at]);
      return id;
    };
    return {
      ownerId: `post_${post}`,
      add: async (at) => add(await stage.user(), at),
      remove: (id) => stage.write('post', 'update comment set deleted_at = now() where id = $1', [id]),
      addBroken: (at) => add(randomUUID(), at),
      addUnseen: async (count) => stage.write('post', COMMENTS, [post, await stage.unseenUsers(count), unseenAt, null]),
    };
  };

const COMMENTS = `
  insert into comment (id, post_id, author_id, text, created_at, parent_id, top_id, like_count)
  select gen_random_uuid(), $1, id, 'hi', $3, $4, $4, 9 from unnest($2::uuid[]) id`;

const COMMENT = `insert into comment (id, post_id, author_id, text, created_at) values ($1, $2, $3, 'hi', $4)`;

async function replies(stage: Stage): Promise<OpenList> {
  const post = await stage.post(await stage.user());
  const top = randomUUID();
  await stage.write('post', COMMENT, [top, post, await stage.user(), new Date()]);
  const add = async (authorId: string, at: Date): Promise<string> => {
    const id = randomUUID();
    await stage.write('post', REPLY, [id, post, authorId, at, top]);
    return id;
  };
  return {
    ownerId: `comment_${top}`,
    add: async (at) => add(await stage.user(), at),
    remove: (id) => stage.write('post', 'update comment set deleted_at = now() where id = $1', [id]),
    addBroken: (at) => add(randomUUID(), at),
    addUnseen: async (count) => stage.write('post', COMMENTS, [post, await stage.unseenUsers(count), BEFORE_ALL, top]),
  };
}

const REPLY = `
  insert into comment (id, post_id, author_id, text, created_at, parent_id, top_id) values ($1, $2, $3, 'hi', $4, $5, $5)`;

async function likersOfComment(stage: Stage): Promise<OpenList> {
  const [post, comment] = [await stage.post(await stage.user()), randomUUID()];
  await stage.write('post', COMMENT, [comment, post, await stage.user(), new Date()]);
  const like = (userId: string, at: Date) => stage.write('post', LIKE_COMMENT, [comment, post, userId, at]);
  return {
    ownerId: `comment_${comment}`,
    add: async (at) => {
      const id = await stage.user();
      await like(id, at);
      return id;
    },
    remove: (id) =>
      stage.write('post', 'delete from comment_like where comment_id = $1 and user_id = $2', [comment, id]),
    addBroken: (at) => like(randomUUID(), at),
    addUnseen: async (count) => stage.write('post', LIKES_OF_COMMENT, [comment, post, await stage.unseenUsers(count)]),
  };
}

const LIKES_OF_COMMENT = `
  insert into comment_like (comment_id, post_id, user_id, created_at) select $1, $2, id, now() from unnest($3::uuid[]) id`;

const LIKE_COMMENT = 'insert into comment_like (comment_id, post_id, user_id, created_at) values ($1, $2, $3, $4)';

async function likers(stage: Stage): Promise<OpenList> {
  const post = await stage.post(await stage.user());
  const like = (userId: string, at: Date) =>
    stage.write('post', 'insert into post_like (post_id, user_id, created_at) values ($1, $2, $3)', [post, userId, at]);
  return {
    ownerId: `post_${post}`,
    add: async (at) => {
      const id = await stage.user();
      await like(id, at);
      return id;
    },
    remove: (id) => stage.write('post', 'delete from post_like where post_id = $1 and user_id = $2', [post, id]),
    addBroken: (at) => like(randomUUID(), at),
    addUnseen: async (count) => stage.write('post', LIKES, [post, await stage.unseenUsers(count)]),
  };
}

const LIKES = `insert into post_like (post_id, user_id, created_at) select $1, id, now() from unnest($2::uuid[]) id`;

async function savedPosts(stage: Stage): Promise<OpenList> {
  const author = await stage.user();
  return {
    add: async (at) => {
      const id = await stage.post(author);
      await stage.write('post', SAVE, [stage.viewerId, id, at]);
      return id;
    },
    remove: (id) => stage.write('post', 'delete from saved_post where post_id = $1', [id]),
    addBroken: async (at) => stage.write('post', SAVE, [stage.viewerId, await stage.post(randomUUID()), at]),
    addUnseen: async (count) => stage.write('post', SAVES, [stage.viewerId, await stage.unseenPosts(count)]),
  };
}

const SAVES = 'insert into saved_post (user_id, post_id, created_at) select $1, id, now() from unnest($2::uuid[]) id';
const SAVE = 'insert into saved_post (user_id, post_id, created_at) values ($1, $2, $3)';

async function taggedPosts(stage: Stage): Promise<OpenList> {
  const [author, tagged] = [await stage.user(), await stage.user()];
  const tag = async (post: string, at: Date): Promise<string> => {
    await stage.write('post', TAG, [post, tagged, at]);
    return post;
  };
  return {
    ownerId: `user_${tagged}`,
    add: async (at) => tag(await stage.post(author), at),
    remove: (id) => stage.write('post', 'delete from tagged_user where post_id = $1', [id]),
    addBroken: async (at) => tag(await stage.post(randomUUID()), at),
    addUnseen: async (count) => stage.write('post', TAGS, [tagged, await stage.unseenPosts(count)]),
  };
}

const TAGS = `
  insert into tagged_user (post_id, user_id, state, created_at)
  select id, $1, case when n % 2 = 0 then 'PENDING' else 'APPROVED' end, now() from unnest($2::uuid[]) with ordinality as t (id, n)`;
const TAG = `insert into tagged_user (post_id, user_id, state, created_at) values ($1, $2, 'APPROVED', $3)`;

async function coAuthorInvitations(stage: Stage): Promise<OpenList> {
  const author = await stage.user();
  return {
    add: async (at) => {
      const id = await stage.post(author);
      await stage.write('post', INVITE, [id, stage.viewerId, author, at]);
      return id;
    },
    remove: (id) => stage.write('post', 'delete from co_author where post_id = $1', [id]),
    addBroken: async (at) => {
      const stranger = randomUUID();
      await stage.write('post', INVITE, [await stage.post(stranger), stage.viewerId, stranger, at]);
    },
    addUnseen: async (count) => stage.write('post', INVITES, [stage.viewerId, await stage.unseenPosts(count), author]),
  };
}

const INVITES = `
  insert into co_author (post_id, user_id, author_id, state, created_at, post_created_at)
  select id, $1, $3, 'INVITED', now(), now() from unnest($2::uuid[]) id`;
const INVITE = `insert into co_author (post_id, user_id, author_id, state, created_at, post_created_at) values ($1, $2, $3, 'INVITED', $4, $4)`;

const addCollection = async (stage: Stage, at: Date): Promise<string> => {
  const id = randomUUID();
  await stage.write('post', COLLECTION, [id, stage.viewerId, `Of ${id}`, at]);
  return id;
};

const COLLECTION = 'insert into collection (id, owner_id, name, created_at) values ($1, $2, $3, $4)';

async function collections(stage: Stage): Promise<OpenList> {
  return {
    add: (at) => addCollection(stage, at),
    remove: (id) => stage.write('post', 'delete from collection where id = $1', [id]),
  };
}

async function postsOfCollection(stage: Stage): Promise<OpenList> {
  const collection = await addCollection(stage, new Date());
  const author = await stage.user();
  return {
    ownerId: `collection_${collection}`,
    add: async (at) => {
      const id = await stage.post(author);
      await stage.write('post', SAVE, [stage.viewerId, id, at]);
      await stage.write('post', PUT, [collection, id, stage.viewerId, at]);
      return id;
    },
    remove: (id) => stage.write('post', 'delete from collection_post where post_id = $1', [id]),
    addUnseen: async (count) => {
      const posts = await stage.unseenPosts(count);
      await stage.write('post', SAVES, [stage.viewerId, posts]);
      await stage.write('post', PUTS, [collection, posts, stage.viewerId]);
    },
  };
}

const PUTS = `
  insert into collection_post (collection_id, post_id, owner_id, created_at) select $1, id, $3, now() from unnest($2::uuid[]) id`;

const PUT = 'insert into collection_post (collection_id, post_id, owner_id, created_at) values ($1, $2, $3, $4)';

/** New ones come first, whatever their time: they are in the order of their numbers. */
async function notifications(stage: Stage): Promise<OpenList> {
  const add = async (actorId: string): Promise<string> => {
    const id = randomUUID();
    await stage.write('notification', NEXT_NUMBER, [stage.viewerId]);
    await stage.write('notification', NOTIFICATION, [id, stage.viewerId, actorId]);
    return id;
  };
  return {
    add: async () => add(await stage.user()),
    remove: (id) => stage.write('notification', 'update notification set active = false where id = $1', [id]),
    addBroken: () => add(randomUUID()),
    addUnseen: async (count) => {
      const actor = randomUUID();
      await stage.write('notification', MUTE, [stage.viewerId, actor]);
      await stage.write('notification', NEXT_NUMBERS, [stage.viewerId, count]);
      await stage.write('notification', NOTIFICATIONS, [stage.viewerId, actor, count]);
    },
  };
}

const NEXT_NUMBER = `
  insert into recipient (id, last_sequence) values ($1, 1) on conflict (id) do update set last_sequence = recipient.last_sequence + 1`;

const NOTIFICATION = `
  insert into notification (id, recipient_id, kind, actor_id, subject_id, version, active, sequence, created_at, updated_at)
  select $1, id, 'FOLLOW', $3::uuid, id, 1, true, last_sequence, now(), now() from recipient where id = $2`;

const MUTE = `
  insert into relation (viewer_id, author_id, version, follows, close_friend, blocked, notifications_muted_until)
  values ($1, $2, 1, false, false, false, 'infinity')`;

const NEXT_NUMBERS = 'update recipient set last_sequence = last_sequence + $2 where id = $1';

const NOTIFICATIONS = `
  insert into notification (id, recipient_id, kind, actor_id, subject_id, version, active, sequence, created_at, updated_at)
  select gen_random_uuid(), id, 'FOLLOW', $2::uuid, gen_random_uuid(), 1, true, last_sequence - n, now(), now()
  from recipient cross join generate_series(0, $3::integer - 1) n where id = $1`;

const BEFORE_ALL = new Date('2026-01-01T00:00:00Z');
const AFTER_ALL = new Date('2027-01-01T00:00:00Z');
const OWN = 'The viewer sees all that is their own.';

export const postLists: ListCase[] = [
  {
    field: 'Query.homeFeed',
    open: homeFeed,
    noCrowd: 'What is cached is bounded, and muted words end a page: see muted-words.spec.ts of the post service.',
  },
  { field: 'User.posts', open: postsOfUser },
  { field: 'User.reposts', open: repostsOfUser },
  { field: 'Post.comments', open: comments(AFTER_ALL) },
  { field: 'Post.comments', args: 'order: OLDEST', otherArgs: 'order: NEWEST', open: comments(BEFORE_ALL) },
  { field: 'Post.comments', args: 'order: TOP', otherArgs: 'order: OLDEST', open: comments(AFTER_ALL) },
  { field: 'Comment.replies', open: replies },
  { field: 'Comment.likedBy', open: likersOfComment },
  { field: 'Post.likedBy', open: likers },
  { field: 'Query.savedPosts', open: savedPosts },
  { field: 'User.taggedPosts', open: taggedPosts },
  { field: 'Query.coAuthorInvitations', open: coAuthorInvitations },
  { field: 'Query.collections', open: collections, noCrowd: OWN },
  { field: 'Collection.posts', open: postsOfCollection },
  { field: 'Query.notifications', open: notifications },
  { field: 'NotificationSummary.notifications', open: notifications },
];
