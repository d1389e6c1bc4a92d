import { mediaRpc } from '@fowergram/contracts-media';
import { mailRpc, notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { accountRpc, type Profile, signInRpc, userRpc } from '@fowergram/contracts-user';
import type { Rpc } from '@fowergram/contracts-core';
import { aPicture, aPost, aProfile, aRelationship, anAccountState, changed } from './models.js';
import { answerSessions, type SessionRecord } from './session-record.js';
import type { Answer } from './world.js';

/** What the services behind the gateway say where a test wants nothing else of them. */
export async function answerWithDefaults(
  answer: <C extends Rpc>(contract: C, handler: Answer<C>) => Promise<void>,
  profiles: Map<string, Profile>,
  sessionRecord: SessionRecord,
): Promise<void> {
  await answer(
    userRpc.profileByUsername,
    ({ username }) =>
      [...profiles.values()].find((profile) => profile.username.toLowerCase() === username.toLowerCase()) ?? null,
  );
  await answer(userRpc.profilesByIds, ({ ids }) => ids.flatMap((id) => profiles.get(id) ?? []));
  await answer(userRpc.createProfile, ({ userId, username }) => {
    const profile = profiles.get(userId) ?? aProfile({ id: userId, username });
    profiles.set(userId, profile);
    return profile;
  });
  await answer(userRpc.countsByIds, ({ ids }) =>
    ids.map((userId) => ({ userId, followerCount: 2, followingCount: 3 })),
  );
  await answer(userRpc.relationships, ({ userIds }) =>
    userIds.map((userId) => aRelationship({ userId, following: true })),
  );
  await answer(userRpc.follow, ({ followeeId }) => changed({ userId: followeeId, following: true }));
  await answer(userRpc.unfollow, ({ followeeId }) => changed({ userId: followeeId }));
  await answer(postRpc.applyVisibility, () => ({}));
  await answer(notificationRpc.applyVisibility, () => ({}));
  await answer(postRpc.countsByAuthors, ({ authorIds }) => authorIds.map((authorId) => ({ authorId, postCount: 4 })));
  await answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id })));
  await answer(mediaRpc.byIds, ({ ids }) => ids.map((id) => aPicture({ id })));
  await answer(notificationRpc.unreadCount, () => ({ count: 7 }));
  await answer(accountRpc.state, ({ userId }) => anAccountState({ userId, ...sessionRecord.passwordOf(userId) }));
  await answerSessions({ answer }, sessionRecord);
  await answer(accountRpc.denylist, () => ({ accounts: [], hasMore: false }));
  await answer(signInRpc.record, () => ({ isNewDevice: false, device: 'Firefox on Linux' }));
  await answer(signInRpc.touch, () => ({}));
  await answer(mailRpc.send, () => ({}));
}
