import { type PostMessage, timestampOf } from '@fowergram/contracts-grpc';
import type { Post } from '@fowergram/contracts-post';
import { globalId } from '../../api/schema/global-id.js';

export const presentPost = (post: Post): PostMessage => ({
  id: globalId('post', post.id),
  code: post.code,
  authorId: globalId('user', post.authorId),
  caption: post.caption,
  mediaIds: post.mediaIds.map((id) => globalId('media', id)),
  hashtags: post.hashtags,
  location: post.location ?? '',
  audience: `AUDIENCE_${post.audience}`,
  state: `POST_STATE_${post.state}`,
  isSensitive: post.isSensitive,
  contentWarning: post.contentWarning ?? '',
  repostOfId: post.repostOf === null ? '' : globalId('post', post.repostOf),
  likeCount: post.likeCount,
  commentCount: post.commentCount,
  repostCount: post.repostCount,
  viewerHasLiked: post.viewerHasLiked,
  createTime: timestampOf(Date.parse(post.createdAt)),
  editTime: post.editedAt === null ? null : timestampOf(Date.parse(post.editedAt)),
});
