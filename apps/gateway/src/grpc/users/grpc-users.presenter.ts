import { timestampOf, type UserMessage } from '@fowergram/contracts-grpc';
import type { Profile } from '@fowergram/contracts-user';
import { globalId } from '../../api/schema/global-id.js';

export const presentUser = (user: Profile): UserMessage => ({
  id: globalId('user', user.id),
  username: user.username,
  displayName: user.displayName,
  bio: user.bio,
  links: user.links,
  avatarMediaId: user.avatarMediaId === null ? '' : globalId('media', user.avatarMediaId),
  isVerified: user.isVerified,
  isPrivate: user.isPrivate,
  createTime: timestampOf(Date.parse(user.createdAt)),
});
