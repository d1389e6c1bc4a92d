import type { NotificationCard, NotificationKind } from '@fowergram/client/operations';

const actions: Record<NotificationKind, string> = {
  LIKE: 'liked your post',
  COMMENT: 'commented on your post',
  FOLLOW: 'follows you',
  FOLLOW_REQUEST: 'asks to follow you',
  FOLLOW_ACCEPTED: 'lets you follow',
  MENTION: 'mentioned you',
  REPLY: 'answered your comment',
  COMMENT_LIKE: 'liked your comment',
  REPOST: 'reposted your post',
  TAG: 'tagged you',
  CO_AUTHOR_INVITE: 'invites you as a co-author',
  CO_AUTHOR_ACCEPTED: 'is your co-author now',
};

/** Who did it. */
export function actorsOf({ actors, actorCount }: NotificationCard): string {
  const [first, second] = actors.map(({ username }) => username);
  if (!first) return 'Somebody';
  if (actorCount <= 1) return first;
  if (actorCount === 2 && second) return `${first} and ${second}`;
  return `${first} and ${actorCount - 1} others`;
}

export const actionOf = ({ kind, comment }: NotificationCard): string =>
  comment ? `${actions[kind]}: “${comment.text}”` : actions[kind];

/** A notification as one sentence. */
export const sentenceOf = (notification: NotificationCard): string =>
  `${actorsOf(notification)} ${actionOf(notification)}`;

/** Where it leads. */
export function addressOf({ post, actors }: NotificationCard): string {
  if (post) return `/p/${post.code}`;
  return actors[0] ? `/u/${actors[0].username}` : '/notifications';
}
