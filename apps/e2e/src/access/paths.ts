import { commentElsewhere, commentLikeElsewhere, likeElsewhere, moderatedComment } from './comment-paths.js';
import { explored, feed, found } from './feed-paths.js';
import { grpcPaths } from './grpc-paths.js';
import { notification } from './notification-paths.js';
import type { Path } from './path.js';
import { address, file } from './picture-paths.js';
import { coAuthored, moderatedPost, post } from './post-paths.js';
import { restPaths } from './rest-paths.js';
import { card, hits, list, suggestions } from './user-paths.js';

/** Every way to each object of the table, over GraphQL. */
const graphqlPaths: Record<string, Path[]> = {
  card,
  'search hit': hits,
  suggestion: suggestions,
  'follower and following lists': [list('followers'), list('following'), list('mutualFollows')],
  'post for everybody': post('PUBLIC'),
  'post for followers': post('FOLLOWERS'),
  'post for close friends': post('CLOSE_FRIENDS'),
  'post of another as a co-author': coAuthored.itself,
  "the same in the author's profile": coAuthored.inProfile,
  'post hidden by a moderator': moderatedPost('hidden'),
  'post that the viewer reported': moderatedPost('reported'),
  'address of a picture': address((url) => url),
  'address without its signature': address((url) => url.split('?')[0]!),
  'feed entry': feed,
  'found post': found,
  'explored post': explored,
  "comment under another's post": commentElsewhere,
  'comment hidden by a moderator': moderatedComment('hidden'),
  'comment that the viewer reported': moderatedComment('reported'),
  "like of another's post": [...likeElsewhere, ...commentLikeElsewhere],
  'notification of a like': notification,
  'file by its own id': file,
};

/** Every way to each object of the table. */
export const paths: Record<string, Path[]> = Object.fromEntries(
  Object.entries(graphqlPaths).map(([object, ways]) => [
    object,
    [...ways, ...(restPaths[object] ?? []), ...(grpcPaths[object] ?? [])],
  ]),
);
