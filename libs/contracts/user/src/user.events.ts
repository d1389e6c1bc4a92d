import { z } from 'zod';
import { event, Id, Timestamp } from '@fowergram/contracts-core';
import { AccountStatus, Role } from './account.models.js';
import { MutedWordList } from './muted-word.models.js';
import { Relation } from './relation.models.js';
import { ContentKind, ContentModeration } from './report.models.js';

/** `version` grows with each change of the same edge, so that a late event never undoes a newer one. */
const FollowEdge = z.object({ followerId: Id, followeeId: Id, version: z.number().int(), at: Timestamp });

export const userEvent = {
  followed: event('user.followed', FollowEdge),
  unfollowed: event('user.unfollowed', FollowEdge),
  /** Somebody waits to follow a private account. */
  followRequested: event('user.follow.requested', FollowEdge),
  /** Nobody waits any more: the request was accepted, rejected, withdrawn, or ended by a block. */
  followRequestEnded: event('user.follow.request-ended', FollowEdge.extend({ accepted: z.boolean() })),
  /** A request was accepted; `followed` comes besides. */
  followAccepted: event('user.follow.accepted', FollowEdge),
  /** What the viewer sees of the author is decided by something else now. */
  relationChanged: event('user.relation.changed', Relation),
  /** The user has muted a word more or less. */
  mutedWordsChanged: event('user.muted-words.changed', MutedWordList),
  profileUpdated: event('user.profile.updated', z.object({ userId: Id })),
  /** Role, status or privacy is another one now. `version` grows with each change of the same account. */
  accountChanged: event(
    'user.account.changed',
    z.object({
      userId: Id,
      role: Role,
      status: AccountStatus,
      /** Older messages do not say so: there were no private accounts. */
      isPrivate: z.boolean().default(false),
      version: z.number().int(),
      at: Timestamp,
    }),
  ),
  /** Whoever reports a post or comment wants to see it no more. */
  contentReported: event('user.content.reported', z.object({ reporterId: Id, kind: ContentKind, contentId: Id })),
  /** Moderators hide a post or comment, or show it again. */
  contentModerated: event('user.content.moderated', ContentModeration),
  /** A key of a service account was revoked, or the account closed with all of them: what was known of its keys is no longer so. */
  serviceAccountChanged: event(
    'user.service-account.changed',
    z.object({ accountId: Id, isClosed: z.boolean(), at: Timestamp }),
  ),
  /** The account is gone for good: whoever stores anything of this user erases it and reports accountRpc.erasureDone. */
  accountDeleted: event('user.account.deleted', z.object({ userId: Id })),
};
