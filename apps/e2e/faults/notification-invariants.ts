import type { AppClient } from '../src/app-client.js';
import type { TestUser } from '../src/test-users.js';
import { isBlocked, type Model, on, sameSet, seesPostsOf } from './model.js';

interface NotificationView {
  kind: string;
  actors: { id: string }[];
  post: { id: string } | null;
  comment: { id: string } | null;
}

/** Each hears once of what others did, and of nothing that was taken back. */
export async function checkNotifications(user: TestUser, model: Model): Promise<string[]> {
  const shown = (await allNotifications(user.client))
    .filter((item) => item.kind !== 'COMMENT_LIKE' || item.comment)
    .map((item) =>
      [item.kind, item.actors[0]?.id, item.kind.startsWith('COMMENT') ? item.comment?.id : item.post?.id].join(' '),
    );
  const isHidden = (actorId: string) => isBlocked(model, user.id, actorId);
  const isMine = (postId: string) => model.posts.get(postId)?.authorId === user.id && !model.posts.get(postId)!.deleted;
  // A comment under a post that its author may not see any more is not named to them.
  const isMyComment = (commentId: string) => {
    const { authorId, postId } = model.comments.get(commentId)!;
    const post = model.posts.get(postId)!;
    return authorId === user.id && !post.deleted && seesPostsOf(model, user.id, post.authorId);
  };
  const expected = [
    ...on(model.likes)
      .filter(([liker, postId]) => isMine(postId) && liker !== user.id && !isHidden(liker))
      .map(([liker, postId]) => `LIKE ${liker} ${postId}`),
    ...on(model.reposts)
      .filter(([reposter, postId]) => isMine(postId) && reposter !== user.id && !isHidden(reposter))
      .map(([reposter, postId]) => `REPOST ${reposter} ${postId}`),
    ...on(model.commentLikes)
      .filter(([liker, commentId]) => isMyComment(commentId) && liker !== user.id && !isHidden(liker))
      .map(([liker, commentId]) => `COMMENT_LIKE ${liker} ${commentId}`),
    ...[...model.comments]
      .filter(([, comment]) => isMine(comment.postId) && comment.authorId !== user.id && !isHidden(comment.authorId))
      .map(([id, comment]) => `COMMENT ${comment.authorId} ${id}`),
    ...on(model.follows)
      .filter(([, followee]) => followee === user.id)
      .map(([follower]) => `FOLLOW ${follower} `),
    ...on(model.requests)
      .filter(([, followee]) => followee === user.id)
      .map(([follower]) => `FOLLOW_REQUEST ${follower} `),
    ...on(model.accepted)
      .filter(([follower]) => follower === user.id)
      .map(([, followee]) => `FOLLOW_ACCEPTED ${followee} `),
  ];
  if (sameSet(shown, expected) && shown.length === new Set(shown).size) return [];
  const missing = expected.filter((item) => !shown.includes(item));
  const extra = shown.filter((item) => !expected.includes(item));
  return [
    `I5 notifications of ${user.username}: ${missing.length} missing (${missing[0] ?? ''}), ${extra.length} too many (${extra[0] ?? ''}), ${shown.length - new Set(shown).size} twice`,
  ];
}

async function allNotifications(client: AppClient): Promise<NotificationView[]> {
  const all: NotificationView[] = [];
  let after: string | null = null;
  for (;;) {
    const {
      notifications,
    }: {
      notifications: {
        edges: { node: NotificationView }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    } = await client.request(
      'query ($after: String) { notifications(first: 100, after: $after) { edges { node { kind actors(first: 1) { id } post { id } comment { id } } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    all.push(...notifications.edges.map((item) => item.node));
    if (!notifications.pageInfo.hasNextPage) return all;
    after = notifications.pageInfo.endCursor;
  }
}
