import type { FowergramClient } from '@fowergram/client';
import type { Profile } from '@fowergram/client/operations';
import { Changes } from './changes.js';
import { Feed } from './feed.js';
import { Likes } from './likes.js';
import { NewPosts } from './new-posts.js';
import { Notifications } from './notifications.js';
import { Posts } from './posts.js';

/** All that the pages of one signed-in user share; it ends with their session. */
export class SignedIn {
  readonly posts: Posts;
  readonly changes: Changes;
  readonly likes: Likes;
  readonly feed: Feed;
  readonly newPosts: NewPosts;
  readonly notifications: Notifications;

  constructor(
    readonly client: FowergramClient,
    readonly me: Profile,
    early?: { posts: Posts; feed: Feed },
  ) {
    this.posts = early?.posts ?? new Posts(client);
    this.feed = early?.feed ?? new Feed(client, this.posts);
    this.changes = new Changes(client, me.id);
    this.likes = new Likes(this.posts, this.changes);
    this.newPosts = new NewPosts(client, this.changes, this.posts, this.feed);
    this.notifications = new Notifications(client);
  }

  /** Begins what goes on by itself. */
  watch(): void {
    this.feed.watch();
    this.notifications.onNew(({ post }) => void (post && this.posts.refreshCounts(post.id).catch(() => undefined)));
    void this.notifications.watch().catch(() => undefined);
    this.newPosts.watch();
  }

  close(): void {
    this.feed.close();
    this.changes.close();
    this.newPosts.close();
    this.notifications.close();
  }
}
